-- Notices that were acted on, by the SHA-256 of issuer and id: each counts once. Swept after ninety days.
create table heard_notices (
  digest text not null primary key,
  heard_at timestamp not null
);

create index heard_notices_by_time on heard_notices (heard_at);

-- Whom a notice was about (SHA-256 of provider and subject) in the last half hour, known here or not: it wins over a login that
-- began before it.
create table recent_events (
  id text not null primary key,
  whom text not null,
  heard_at timestamp not null
);

create index recent_events_by_whom on recent_events (whom, heard_at);

create index recent_events_by_time on recent_events (heard_at);

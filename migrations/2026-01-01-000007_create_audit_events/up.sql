-- What happened, to whom, by whom. `actor` is a user's id, `cli` or `system`. No personal data: ids and words only.
create table audit_events (
  id text not null primary key,
  happened_at timestamp not null,
  action text not null,
  actor text not null,
  user_id text,
  details text not null,
  request_id text not null
);

create index audit_events_by_user on audit_events (user_id);

create index audit_events_by_time on audit_events (happened_at);

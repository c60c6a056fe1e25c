-- Login attempts that ended without a session (refused, banned, ...): the same callback gets the same page from
-- every process, and never a second exchange. Swept after the life of an attempt.
create table claims (
  attempt_id text not null primary key,
  outcome text not null,
  claimed_at timestamp not null
);

create index claims_by_time on claims (claimed_at);

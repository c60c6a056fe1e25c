-- One row per signed-in device. The refresh counter lives in it, so no table of tokens grows with use: `counter` is
-- the newest refresh token given out, `advanced_at` is when, `expires_at` is when that one dies of idleness.
-- `attempt_id` is the login that opened it: the same callback never opens a second session.
create table sessions (
  id text not null primary key,
  user_id text not null references users (id) on delete cascade,
  identity_id text not null references identities (id) on delete cascade,
  provider text not null,
  attempt_id text,
  counter bigint not null default 0,
  advanced_at timestamp not null,
  expires_at timestamp not null,
  ends_at timestamp not null,
  auth_time timestamp not null,
  user_agent text not null,
  address text not null,
  created_at timestamp not null,
  last_seen_at timestamp not null,
  ended_at timestamp,
  end_reason text
);

create unique index sessions_by_attempt on sessions (attempt_id);

create index sessions_by_user on sessions (user_id);

create index sessions_by_identity on sessions (identity_id);

create index sessions_by_expiry on sessions (expires_at);

-- How much happened on a day of the site's own zone: sign-ups and logins, counted from the history a moment after they
-- happened, and logins that failed, counted by each process. A page of numbers reads these few rows and nothing else.
create table daily_counts (
  day text not null,
  kind text not null check (kind in ('sign_up', 'login', 'failure')),
  provider text not null,
  reason text not null,
  number bigint not null,
  primary key (day, kind, provider, reason)
);

-- How many devices each running process saw lately; a row that is not renewed is a process that is gone.
create table active_devices (
  process text not null primary key,
  devices bigint not null,
  noted_at timestamp not null
);

-- The comparison with a provider's own list of people: one at a time for each provider, by whoever holds the claim
-- (`claimed_by`, until `claimed_until`). Who died in the middle leaves it to the next, who goes on at `next_from`. `run` is the
-- moment it began in microseconds. `night` is the last night in which it was begun by itself.
create table reconciliations (
  provider text not null primary key,
  run bigint not null,
  began_at timestamp not null,
  purpose text not null check (purpose in ('night', 'command', 'dry_run')),
  state text not null check (state in ('listing', 'listed', 'ended')),
  night text,
  next_from bigint,
  last_listed bigint,
  listed bigint not null default 0,
  claimed_by text,
  claimed_until timestamp
);

-- Whom the provider listed in a run; gone when it has ended. A number and a run, and nothing about the person.
create table listed_subjects (
  run bigint not null,
  subject text not null,
  primary key (run, subject)
);

create index identities_by_vanishing on identities (vanished_at) where vanished_at is not null;

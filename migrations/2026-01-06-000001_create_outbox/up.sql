-- What others are still to be told: a provider that a link has ended (`unlink`), the operator's programs what happened here
-- (`event`). Written in the transaction of the deed, carried out afterwards by one process at a time (`claimed_by`, until
-- `claimed_until`). `topic` is the provider or the event's name. The payload of an `unlink` is sealed, and gone once it has
-- ended; that of an `event` holds random ids only.
create table outbox (
  id text not null primary key,
  kind text not null check (kind in ('unlink', 'event')),
  topic text not null,
  user_id text not null,
  payload text,
  state text not null check (state in ('waiting', 'done', 'given_up')),
  tries bigint not null default 0,
  due_at timestamp not null,
  claimed_by text,
  claimed_until timestamp,
  last_failure text,
  created_at timestamp not null,
  give_up_at timestamp not null,
  ended_at timestamp
);

create index outbox_by_due on outbox (state, due_at);

create index outbox_by_end on outbox (ended_at);

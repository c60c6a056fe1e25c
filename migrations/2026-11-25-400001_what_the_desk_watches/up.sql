-- Notices from providers by day of the site's own zone: those that were acted on (`refusal` empty), and those that were refused,
-- by why. Counted by each process and added up every few seconds; `last_at` is when the latest of them came.
create table daily_notices (
  day text not null,
  provider text not null,
  refusal text not null,
  number bigint not null,
  last_at timestamp not null,
  primary key (day, provider, refusal)
);

-- What the admin's pages ask of the outbox: the list of one state and the oldest that waits, how many are being tried again,
-- how many were given up lately, and what providers are still to be told about one person.
create index outbox_by_state on outbox (state, id);

create index outbox_retrying on outbox (id) where state = 'waiting' and tries > 0;

create index outbox_given_up on outbox (ended_at) where state = 'given_up';

create index outbox_unlinks_of on outbox (user_id, id) where kind = 'unlink';

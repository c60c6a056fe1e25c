-- A closed person may come back until then; afterwards they are erased.
alter table users add column erase_at timestamp;

create index users_by_erasure on users (erase_at);

-- The provider's tokens, sealed, and only where ending the link needs them.
alter table identities add column tokens_sealed text;

-- Missing from the provider's own list since then, while its person has another way in; removed after a time.
alter table identities add column vanished_at timestamp;

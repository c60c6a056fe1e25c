alter table identities drop column vanished_at;

alter table identities drop column tokens_sealed;

drop index users_by_erasure;

alter table users drop column erase_at;

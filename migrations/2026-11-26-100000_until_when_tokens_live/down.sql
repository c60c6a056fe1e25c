drop index identities_by_tokens_until;

alter table identities drop column tokens_until;

-- Until when the provider's token works, where that is known to end. One that was kept before is taken for dead, except
-- Apple's, which does not end: the next login brings another.
alter table identities add column tokens_until timestamp;

update identities set tokens_until = last_login_at where tokens_sealed is not null and provider <> 'apple';

create index identities_by_tokens_until on identities (tokens_until) where tokens_until is not null;

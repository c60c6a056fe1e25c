-- Linked accounts: (provider, subject) within the provider's realm, unique while linked. The e-mail lives here, with
-- the trust its provider gives it; `email_key` is its canonical form, and is never unique.
create table identities (
  id text not null primary key,
  user_id text not null references users (id) on delete cascade,
  provider text not null,
  subject text not null,
  nickname text,
  picture text,
  email text,
  email_key text,
  email_verified boolean not null default false,
  linked_at timestamp not null,
  last_login_at timestamp not null,
  unlinked_at timestamp
);

create unique index identities_linked on identities (provider, subject) where unlinked_at is null;

create index identities_by_user on identities (user_id);

create index identities_by_email on identities (email_key);

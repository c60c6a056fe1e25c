-- People. `id` is what others see; `seq` grows with sign-up and is what paging walks.
-- `version` rises with every change of role or standing and ends access tokens issued before it.
create table users (
  id text not null primary key,
  seq bigint not null,
  name text,
  name_chosen boolean not null default false,
  picture text,
  role text not null default 'user' check (role in ('user', 'admin')),
  standing text not null default 'active' check (standing in ('waiting', 'active', 'banned', 'closed', 'erased')),
  version bigint not null default 1,
  created_at timestamp not null,
  last_login_at timestamp
);

create unique index users_by_seq on users (seq);

create index users_by_name on users (name, seq);

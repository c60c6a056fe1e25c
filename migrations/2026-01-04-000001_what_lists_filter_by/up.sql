-- What the admin's list filters by, as one number for each person (src/users/facets.rs); 0 says that the person is not in
-- the search index yet. With it in front, an index walks any filter in any order.
alter table users add column facets bigint not null default 0;

drop index users_by_name;

create index users_by_facets on users (facets, seq);

create index users_by_facets_seen on users (facets, coalesce(last_login_at, created_at), seq);

-- How many people have these facets, spread over a few rows so that sign-ups do not wait for each other.
create table user_facets (
  facets bigint not null,
  slot bigint not null,
  users bigint not null,
  primary key (facets, slot)
);

-- Where the stretches of sign-ups begin by which PostgreSQL's index is cut and both databases estimate.
create table search_eras (
  first_seq bigint not null primary key
);

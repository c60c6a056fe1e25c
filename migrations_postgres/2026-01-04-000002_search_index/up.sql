-- Full-text search for PostgreSQL: src/users/search/postgres.rs. Each term is a number, mixed with the stretch of sign-ups
-- (search_eras) it stands in, so that the newest matches are found without gathering all. A table of its own: it is
-- narrow, and written only when a person's name, e-mail or standing changes.
create table user_terms (
  seq bigint not null primary key,
  terms bigint[] not null
);

create index user_terms_by_term on user_terms using gin (terms) with (fastupdate = off);

-- The nameless come last. By code point, as SQLite compares: for Hangul that is the order of the dictionary.
create index users_by_facets_name on users (facets, (coalesce(name, U&'\+10FFFF') collate "C"), seq);

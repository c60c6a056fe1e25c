drop table search_postings;

drop table search_places;

drop table search_stretches;

drop table search_recent;

update users set facets = 0;

delete from user_facets;

create table search_eras (
  first_seq bigint not null primary key
);

create table user_terms (
  seq bigint not null primary key,
  terms bigint[] not null
);

create index user_terms_by_term on user_terms using gin (terms) with (fastupdate = off);

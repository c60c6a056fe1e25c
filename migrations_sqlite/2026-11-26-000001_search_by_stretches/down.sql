drop table search_postings;

drop table search_places;

drop table search_stretches;

drop table search_recent;

update users set facets = 0;

delete from user_facets;

create table search_eras (
  first_seq bigint not null primary key
);

create virtual table user_terms using fts5 (terms, content='', detail=none, columnsize=0, tokenize='ascii');

insert into user_terms (user_terms, rank) values ('secure-delete', 1);

drop table search_eras;

drop table user_facets;

drop index users_by_facets_seen;

drop index users_by_facets;

create index users_by_name on users (name, seq);

alter table users drop column facets;

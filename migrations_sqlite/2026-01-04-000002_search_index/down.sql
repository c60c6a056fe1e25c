drop index users_by_facets_name;

drop table user_terms;

-- Full-text search for SQLite: src/users/search/sqlite.rs. Only the inverted index is kept, no second copy of the words;
-- its rowid is users.seq. `secure-delete`: a word that goes leaves the file with its row, not at the next merge.
create virtual table user_terms using fts5 (terms, content='', detail=none, columnsize=0, tokenize='ascii');

insert into user_terms (user_terms, rank) values ('secure-delete', 1);

-- The nameless come last.
create index users_by_facets_name on users (facets, coalesce(name, char(1114111)), seq);

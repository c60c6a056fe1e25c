-- The search index by stretches of sign-ups: src/users/search/mod.rs. It takes the place of GIN. Everybody is brought into
-- it anew: `facets` 0 says that somebody is not in it yet.
drop table user_terms;

drop table search_eras;

update users set facets = 0;

delete from user_facets;

-- Who signed up last: a row for each term.
create table search_recent (
  term bigint not null,
  seq bigint not null,
  primary key (term, seq)
);

-- Stretches of sign-ups: so many people, the earliest and the latest.
create table search_stretches (
  stretch bigint not null primary key,
  people bigint not null,
  first_seq bigint not null,
  last_seq bigint not null
);

-- Which place in a stretch is whose: 256 numbers in a block.
create table search_places (
  stretch bigint not null,
  block bigint not null,
  first_seq bigint not null,
  seqs bytea not null,
  primary key (stretch, block)
);

create unique index search_places_by_seq on search_places (stretch, first_seq);

-- Which places of a stretch have a term. Sixteen stretches to a shelf: those of a term lie side by side, and who comes into
-- the newest stretch writes on one shelf.
create table search_postings (
  shelf bigint not null,
  term bigint not null,
  stretch bigint not null,
  places bytea not null,
  primary key (shelf, term, stretch)
);

-- A row is read as a whole, and the largest fits a page.
alter table search_postings alter column places set storage plain;

alter table search_places alter column seqs set storage plain;

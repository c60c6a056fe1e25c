-- Whom a refused login was about, so that whoever repeats its callback is told the same, reason included.
alter table claims add column user_id text;

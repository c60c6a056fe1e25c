drop index identities_by_vanishing;

drop table listed_subjects;

drop table reconciliations;

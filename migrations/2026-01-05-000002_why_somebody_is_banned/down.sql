alter table users drop column standing_reason;

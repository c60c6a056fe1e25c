alter table claims drop column user_id;

alter table identities drop column granted_at;

alter table identities drop column granted;

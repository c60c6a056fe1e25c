drop index audit_events_by_request;

drop index audit_events_by_actor;

drop index audit_events_by_action;

drop index audit_events_by_user;

create index audit_events_by_user on audit_events (user_id);

create index audit_events_by_time on audit_events (happened_at);

alter table audit_events drop column address;

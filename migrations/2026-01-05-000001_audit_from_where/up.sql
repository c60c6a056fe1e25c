-- From where: the address without the part that names one household, as sessions keep it; empty outside the web.
alter table audit_events add column address text not null default '';

-- Ids grow with the moment, so the history is walked and swept by id alone, and each filter has an index that ends in
-- it. Most lines are people's own logins: they are found by the person, and stay out of the indexes of actors and
-- requests, which are for what somebody else or the program did to them.
drop index audit_events_by_user;

drop index audit_events_by_time;

create index audit_events_by_user on audit_events (user_id, id);

create index audit_events_by_action on audit_events (action, id);

create index audit_events_by_actor on audit_events (actor, id) where actor <> coalesce(user_id, '');

create index audit_events_by_request on audit_events (request_id, id) where actor <> coalesce(user_id, '');

drop index outbox_unlinks_of;
drop index outbox_given_up;
drop index outbox_retrying;
drop index outbox_by_state;
drop table daily_notices;

drop table recent_events;

drop table heard_notices;

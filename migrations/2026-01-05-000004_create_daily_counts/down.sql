drop table active_devices;

drop table daily_counts;

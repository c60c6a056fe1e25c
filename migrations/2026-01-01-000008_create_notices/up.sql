-- "Something about this person or session changed": written in the transaction of the change, read by every other
-- process within a second, swept after minutes.
create table notices (
  id text not null primary key,
  user_id text not null,
  noticed_at timestamp not null
);

create index notices_by_time on notices (noticed_at);

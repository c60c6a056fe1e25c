-- What a banned person is told when they log in; empty where the admin gave no reason. Gone with the ban.
alter table users add column standing_reason text;

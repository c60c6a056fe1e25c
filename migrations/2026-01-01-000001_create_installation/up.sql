-- What this database knows about itself: whether its people are real or the simulator's (`kind`), and the realm in
-- which each provider's subjects mean something (`realm:<provider>`).
create table installation (
  name text not null primary key,
  value text not null
);

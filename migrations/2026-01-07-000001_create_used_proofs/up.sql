-- Proofs of native apps that may be used once (ID tokens), by the SHA-256 of what is signed in them. Swept when they have
-- expired by themselves.
create table used_proofs (
  digest text not null primary key,
  usable_until timestamp not null
);

create index used_proofs_by_time on used_proofs (usable_until);

drop table used_proofs;

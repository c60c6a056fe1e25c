-- At most one key waits to sign, however many processes publish one at once.
create unique index signing_keys_next on signing_keys (state) where state = 'next';

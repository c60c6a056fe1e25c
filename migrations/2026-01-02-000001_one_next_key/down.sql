drop index signing_keys_next;

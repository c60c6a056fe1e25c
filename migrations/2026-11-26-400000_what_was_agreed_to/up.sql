-- What the person has agreed to at the provider, as its last token answer that told: its names of the items (Kakao's consent
-- items by their ids), sorted, with blanks between. Null: never told. `granted_at` is since when it tells just that.
alter table identities add column granted text;

alter table identities add column granted_at timestamp;

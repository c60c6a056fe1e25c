-- Keys of access tokens. The private half is sealed with the secret key.
create table signing_keys (
  kid text not null primary key,
  algorithm text not null check (algorithm in ('ES256', 'EdDSA', 'RS256')),
  public_jwk text not null,
  private_sealed text not null,
  state text not null check (state in ('next', 'active', 'retiring', 'retired')),
  created_at timestamp not null,
  activated_at timestamp,
  retired_at timestamp
);

-- One key signs at a time, however many processes start at once.
create unique index signing_keys_active on signing_keys (state) where state = 'active';

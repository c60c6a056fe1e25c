// Verifies tokens with jose: reads {"jwks", "issuer", "audience", "tokens"}, answers a list of true and false.
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, jwtVerify } from 'jose';

const { jwks, issuer, audience, tokens } = JSON.parse(readFileSync(0, 'utf8'));
const keys = createLocalJWKSet(jwks);
const holds = (token) =>
  jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt', requiredClaims: ['sub', 'iat', 'exp', 'jti'] }).then(
    () => true,
    () => false,
  );
process.stdout.write(JSON.stringify(await Promise.all(tokens.map(holds))));

// An identity provider nobody here wrote: oidc-provider, which is certified, with its own pages. Takes one argument, JSON
// {"port", "client_id", "client_secret", "redirect_uri", "wrong_nonce"}; makes new keys at each start; says "ready" once it
// listens. With "wrong_nonce" a visitor arrives with the nonce of another login, as a replayed token would have it.
import { generateKeyPairSync } from "node:crypto";
import { Provider } from "oidc-provider";

// Nobody reads on after "ready", and a line for nobody would end the process.
console.info = console.error;

const asked = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${asked.port}`;
const key = (kid) => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
};
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: asked.client_id,
      client_secret: asked.client_secret,
      redirect_uris: [asked.redirect_uri],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  jwks: { keys: [key(`a-${Date.now()}`), key(`b-${Date.now()}`)] },
  cookies: { keys: [`${Math.random()}`] },
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  pkce: { required: () => true },
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({ sub, name: `Account ${sub}`, email: `${sub}@example.com`, email_verified: true }),
  }),
});
if (asked.wrong_nonce) {
  provider.use(async (ctx, next) => {
    if (ctx.path === "/auth") ctx.query = { ...ctx.query, nonce: "of-another-login-entirely" };
    await next();
  });
}
provider.listen(asked.port, "127.0.0.1", () => console.log("ready"));

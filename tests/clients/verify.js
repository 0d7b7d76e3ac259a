// Verifies a token with jose against the server's published keys.
//   node verify.js JWKS_URL ISSUER AUDIENCE < token
// Writes { payload, header }, or { error } for a token that is not good.
import { readFileSync } from "node:fs";
import { createRemoteJWKSet, jwtVerify } from "jose";

const [url, issuer, audience] = process.argv.slice(2);
try {
  const { payload, protectedHeader } = await jwtVerify(readFileSync(0, "utf8").trim(), createRemoteJWKSet(new URL(url)), {
    issuer,
    audience,
    algorithms: ["ES256"],
  });
  process.stdout.write(JSON.stringify({ payload, header: protectedHeader }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error.code ?? String(error) }));
}

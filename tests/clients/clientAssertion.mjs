// Verifies statements of OAuth clients (private_key_jwt, RFC 7523) with jose, as a token endpoint does.
//   node clientAssertion.mjs ALGORITHM CLIENT AUDIENCE < { key, assertion }
// Writes { payload, header }, or { error } for one that is not good.
import { readFileSync } from "node:fs";
import { importSPKI, jwtVerify } from "jose";

const [algorithm, client, audience] = process.argv.slice(2);
const { key, assertion } = JSON.parse(readFileSync(0, "utf8"));
try {
  const { payload, protectedHeader } = await jwtVerify(assertion, await importSPKI(key, algorithm), {
    algorithms: [algorithm],
    issuer: client,
    subject: client,
    audience,
    requiredClaims: ["jti", "exp", "iat"],
    maxTokenAge: 60,
  });
  process.stdout.write(JSON.stringify({ payload, header: protectedHeader }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error.code ?? String(error) }));
}

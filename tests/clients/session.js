// What an application's server does with @descope/node-sdk, unmodified.
//   node session.js BASE_URL PROJECT_ID < { sessionJwt, refreshJwt, managementKey, flowId, input }
// Writes what came of validating the session token, a tampered one and one of a foreign key, of a refresh, and of running a flow without
// screens.
import { readFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import DescopeClient from "@descope/node-sdk";
import { SignJWT, decodeJwt, decodeProtectedHeader } from "jose";

const [baseUrl, projectId] = process.argv.slice(2);
const { sessionJwt, refreshJwt, managementKey, flowId, input } = JSON.parse(readFileSync(0, "utf8"));
const quiet = { log() {}, error() {}, warn() {}, debug() {} };
const client = DescopeClient({ projectId, baseUrl, managementKey, logger: quiet });
const stranger = DescopeClient({ projectId, baseUrl, managementKey: "0".repeat(40), logger: quiet });

const attempt = async (call) => {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: String(error) };
  }
};
const show = ({ ok, code, data, error }) => ({ ok, code, data, error });

const [header, payload, signature] = sessionJwt.split(".");
const otherPayload = Buffer.from(JSON.stringify({ ...decodeJwt(sessionJwt), sub: "root" })).toString("base64url");
const otherKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const foreign = await new SignJWT(decodeJwt(sessionJwt)).setProtectedHeader(decodeProtectedHeader(sessionJwt)).sign(otherKey);
const unsigned = `${Buffer.from(JSON.stringify({ ...decodeProtectedHeader(sessionJwt), alg: "none" })).toString("base64url")}.${payload}.`;

const refreshed = await client.refresh(refreshJwt);
await client.logout(refreshed.data.refreshJwt);
const afterLogout = await attempt(() => client.validateSession(refreshed.data.refreshJwt));

process.stdout.write(
  JSON.stringify({
    validated: await attempt(() => client.validateSession(sessionJwt)),
    audience: await attempt(() => client.validateSession(sessionJwt, { audience: projectId })),
    otherAudience: await attempt(() => client.validateSession(sessionJwt, { audience: "somebody-else" })),
    refused: {
      payload: await attempt(() => client.validateSession(`${header}.${otherPayload}.${signature}`)),
      signature: await attempt(() => client.validateSession(`${header}.${payload}.${"A".repeat(signature.length)}`)),
      foreignKey: await attempt(() => client.validateSession(foreign)),
      algNone: await attempt(() => client.validateSession(unsigned)),
      refreshToken: await attempt(() => client.validateSession(refreshJwt)),
      refreshTokenAfterLogout: afterLogout,
    },
    refreshed: { answer: show(refreshed), session: await attempt(() => client.validateSession(refreshed.data.sessionJwt)) },
    // This method verifies the refresh token against the key set before it sends it, as it verifies session tokens: it cannot tell the two
    // apart, and we must.
    refreshSession: await attempt(() => client.refreshSession(refreshJwt)),
    flow: show(await client.management.flow.run(flowId, { input })),
    unknownFlow: show(await client.management.flow.run("no-such-flow", { input: {} })),
    wrongKey: show(await stranger.management.flow.run(flowId, { input })),
  }),
);

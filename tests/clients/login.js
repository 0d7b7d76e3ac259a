// Drives the login flow with @descope/core-js-sdk, unmodified, pointed at a server by baseUrl.
//   node login.js BASE_URL PROJECT_ID EMAIL
// Writes { start, next } as the client got them: { ok, code, data, error }.
import createSdk from "@descope/core-js-sdk";

const [baseUrl, projectId, email] = process.argv.slice(2);
const startKey = crypto.randomUUID();
const sdk = createSdk({
  projectId,
  baseUrl,
  hooks: {
    beforeRequest: (config) =>
      config.path.endsWith("/flow/start") ? { ...config, headers: { ...config.headers, "Idempotency-Key": startKey } } : config,
  },
});

const options = { client: { campaign: "spring" }, redirectUrl: "https://app.example/callback", locale: "en" };
const start = await sdk.flow.start("login", options);
const startAgain = await sdk.flow.start("login", options);
const { executionId, stepId } = start.data;
// Arguments: execution, step, interaction, version, component version, input.
const next = await sdk.flow.next(executionId, stepId, "submit", undefined, undefined, { email });
const refresh = next.data.authInfo?.refreshJwt;

const show = ({ ok, code, data, error }) => ({ ok, code, data, error });
const result = { start: show(start), startAgain: show(startAgain), next: show(next) };
if (refresh) {
  result.refreshed = show(await sdk.refresh(refresh));
  result.loggedOut = show(await sdk.logout(result.refreshed.data.refreshJwt));
  result.afterLogout = show(await sdk.refresh(result.refreshed.data.refreshJwt));
}
result.unknownFlow = show(await sdk.flow.start("no-such-flow", {}));
process.stdout.write(JSON.stringify(result));

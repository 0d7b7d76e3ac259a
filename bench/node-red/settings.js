// Node-RED for a benchmark: no editor, no log of requests, everything from the environment. What function nodes may use is
// given to them here.
const { Pool } = require("pg");
const crypto = require("node:crypto");

module.exports = {
  uiHost: "127.0.0.1",
  uiPort: Number(process.env.BENCH_PORT),
  userDir: process.env.BENCH_FOLDER,
  flowFile: require("node:path").join(__dirname, "login.flows.json"),
  readOnly: true,
  httpAdminRoot: false,
  disableEditor: true,
  telemetry: { enabled: false, updateNotification: false },
  diagnostics: { enabled: false },
  runtimeState: { enabled: false },
  logging: { console: { level: "warn", metrics: false, audit: false } },
  functionExternalModules: false,
  functionGlobalContext: {
    crypto,
    people: new Pool({ connectionString: process.env.BENCH_PEOPLE, max: 20 }),
    signingKey: crypto.generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey,
    runs: new Map(),
  },
};

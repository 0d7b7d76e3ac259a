// Writes login.flows.json: run it after a change here. A flow file holds its functions as JSON strings, which nobody should edit by hand.
const fs = require("node:fs");
const path = require("node:path");

const body = (f) =>
  f
    .toString()
    .replace(/^.*\{\n/, "")
    .replace(/\n\}$/, "")
    .replace(/^  /gm, "");

// The functions' bodies; "global", "node" and "msg" are Node-RED's.
function start() {
  const crypto = global.get("crypto");
  if (msg.payload.flowId !== "login") {
    msg.statusCode = 404;
    return [null, msg];
  }
  const run = {
    id: crypto.randomBytes(18).toString("base64url"),
    step: crypto.randomBytes(18).toString("base64url"),
    startedAt: Date.now(),
    client: msg.payload.options?.client ?? {},
  };
  global.get("runs").set(run.id, run);
  msg.payload = {
    executionId: run.id,
    stepId: run.step,
    stepName: "signIn",
    status: "waiting",
    action: "screen",
    screen: {
      id: "sign-in",
      title: "Sign in",
      components: [
        { type: "EmailInput", name: "email", label: "Email", required: true },
        { type: "ErrorMessage" },
        { type: "Button", id: "submit", text: "Continue" },
      ],
      state: { form: {}, errorText: "" },
    },
  };
  return [msg, null];
}

function submit() {
  const { executionId, stepId, interactionId, input } = msg.payload;
  const run = global.get("runs").get(executionId);
  if (!run || run.step !== stepId || interactionId !== "submit" || !/^[^@\s]+@[^@\s]+$/.test(input?.email ?? "")) {
    msg.statusCode = 400;
    msg.payload = {};
    return [null, msg];
  }
  run.step = "";
  run.form = input;
  msg.run = run;
  return [msg, null];
}

async function lookup() {
  const found = await global
    .get("people")
    .query({ name: "lookup", text: "select id, tier from users where email = $1", values: [msg.run.form.email] });
  const row = found.rows[0];
  msg.run.db = { rows: found.rows, first: row, rowCount: found.rowCount };
  msg.method = "GET";
  msg.url = `${env.get("BENCH_UPSTREAM")}/users/${encodeURIComponent(row.id)}`;
  msg.headers = { "x-user-tier": row.tier };
  return msg;
}

function finish() {
  const crypto = global.get("crypto");
  const run = msg.run;
  run.profile = { statusCode: msg.statusCode, body: msg.payload, headers: msg.headers };
  const user = { userId: run.db.first.id, email: run.form.email };
  const claims = { region: msg.headers["x-region"] };
  const now = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const sign = (payload) => {
    const text = `${part({ alg: "ES256", typ: "JWT", kid: "bench" })}.${part(payload)}`;
    const key = { key: global.get("signingKey"), dsaEncoding: "ieee-p1363" };
    return `${text}.${crypto.sign("sha256", Buffer.from(text), key).toString("base64url")}`;
  };
  const id = () => crypto.randomBytes(18).toString("base64url");
  global.get("runs").delete(run.id);
  delete msg.headers;
  delete msg.statusCode;
  msg.payload = {
    executionId: run.id,
    stepId: "",
    stepName: "done",
    status: "completed",
    action: "none",
    authInfo: {
      sessionJwt: sign({ iss: "bench", aud: "bench", sub: user.userId, iat: now, exp: now + 600, jti: id(), ...claims }),
      refreshJwt: sign({ iss: "bench", aud: "bench/refresh", sub: user.userId, iat: now, exp: now + 28 * 86400, jti: id(), fam: id() }),
      user,
      claims,
      sessionExpiration: now + 600,
    },
    output: {},
  };
  return msg;
}

const node = (id, type, wires, more) => ({ id, type, z: "login", name: id, x: 0, y: 0, wires, ...more });
const fn = (id, f, outputs, wires) =>
  node(id, "function", wires, { func: body(f), outputs, noerr: 0, initialize: "", finalize: "", libs: [] });
const flows = [
  { id: "login", type: "tab", label: "login", disabled: false, info: "" },
  node("start-in", "http in", [["start"]], { url: "/v1/flow/start", method: "post", upload: false }),
  fn("start", start, 2, [["answer"], ["answer"]]),
  node("next-in", "http in", [["submit"]], { url: "/v1/flow/next", method: "post", upload: false }),
  fn("submit", submit, 2, [["lookup"], ["answer"]]),
  fn("lookup", lookup, 1, [["profile"]]),
  node("profile", "http request", [["byStatus"]], {
    method: "use",
    ret: "obj",
    paytoqs: "ignore",
    url: "",
    persist: true,
    authType: "",
    senderr: false,
    headers: [],
  }),
  node("byStatus", "switch", [["finish"], ["failed"]], {
    property: "statusCode",
    propertyType: "msg",
    rules: [{ t: "eq", v: "200", vt: "num" }, { t: "else" }],
    checkall: "false",
    outputs: 2,
  }),
  fn("finish", finish, 1, [["answer"]]),
  node("failed", "change", [["answer"]], { rules: [{ t: "set", p: "statusCode", pt: "msg", to: "502", tot: "num" }] }),
  node("answer", "http response", [], { statusCode: "", headers: {} }),
];
fs.writeFileSync(path.join(__dirname, "login.flows.json"), JSON.stringify(flows, null, 2) + "\n");

// Reads { schema, documents: { name: document } } from standard input and writes { name: [messages] } for each document.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";

const { schema, documents } = JSON.parse(readFileSync(0, "utf8"));
// Strict, so that a misspelt keyword fails; but a schema behind if/then need not say once more that its document is an object.
const ajv = new Ajv2020.default({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
const validate = ajv.compile(schema);
const result = {};
for (const [name, document] of Object.entries(documents)) {
  validate(document);
  result[name] = (validate.errors ?? []).map((error) => `${error.instancePath} ${error.keyword}: ${error.message}`);
}
process.stdout.write(JSON.stringify(result));

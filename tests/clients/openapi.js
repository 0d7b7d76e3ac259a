// Validates an OpenAPI document with a validator that is not ours.
//   node openapi.js < document
// Writes { valid, version, errors, unresolved: references that lead nowhere }.
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";

const text = readFileSync(0, "utf8");
const document = JSON.parse(text);
const validator = new Validator();
const { valid, errors } = await validator.validate(JSON.parse(text));

const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]);
const schemas = Object.keys(document.components.schemas);
process.stdout.write(
  JSON.stringify({
    valid,
    version: validator.version,
    errors,
    unresolved: [...new Set(references.filter((name) => !schemas.includes(name)))],
  }),
);

// Makes api/contract.ts of api/openapi.json: `npm run types`. With --print it writes the text out instead, which a test compares with the
// file.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const document = new URL('../api/openapi.json', import.meta.url);
const file = new URL('../api/contract.ts', import.meta.url);
const named = (name) => ts.factory.createTypeReferenceNode(name);

/** Values and objects of flows and connectors are those of json.ts, which keep their numbers digit by digit. */
function transform(schema) {
  const isPlain = Object.keys(schema).every((key) => ['type', 'description', 'nullable'].includes(key));
  if (!isPlain) return undefined;
  if (schema.type === undefined) return named('Json');
  if (schema.type === 'object') return named('JsonObject');
  if (Array.isArray(schema.type) && schema.type.includes('object'))
    return ts.factory.createUnionTypeNode([named('JsonObject'), ts.factory.createLiteralTypeNode(ts.factory.createNull())]);
  return undefined;
}

// The console calls paths as texts: of the document it needs the records.
const api = { ...JSON.parse(await readFile(document, 'utf8')), paths: {} };
const nodes = await openapiTS(api, { transform, defaultNonNullable: false });
const text = `/** The management API as its OpenAPI document has it (api/openapi.json): made by \`npm run types\`, not to be changed by hand. */
import type { Json, JsonObject } from './json';

${astToString(nodes)}`;
if (process.argv.includes('--print')) process.stdout.write(text);
else await writeFile(file, text);

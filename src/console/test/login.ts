import { readFileSync } from 'node:fs';
import type { JsonObject, Schema } from '../api/types';
import { catalogueOf } from '../graph/ports';

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'));

/** The flow of the README, as the file says it. */
export const login = read('flows/login.flow.json') as JsonObject;

/** What the server says of its types; a test of the server holds the file to it. */
export const schema = read('tests/Shared/designer-schema.json') as Omit<Schema, 'flow' | 'connector' | 'advice'>;

export const catalogue = catalogueOf(schema);

export const types = catalogue.types;

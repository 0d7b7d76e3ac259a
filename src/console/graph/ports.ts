import type { ActivityType, Json, JsonObject } from '../api/types';
import { connectionsFrom, screen, type Activity, type Flow } from './flow';
import { isObject, objects, text } from './json';

export interface Port {
  name: string;
  /** `missing`: a connection leaves by it, but the activity has no such outcome. */
  kind: 'outcome' | 'error' | 'else' | 'missing';
}

export type ErrorMode = 'automatic' | 'custom' | 'ignore';

/** What the designer knows of activity types, and of flows that a Subflow can call. Shared and immutable. */
export interface Catalogue {
  types: ReadonlyMap<string, ActivityType>;
  /** The names of a flow's Ends, where they are known. */
  ends?: ReadonlyMap<string, readonly string[]>;
}

export const catalogueOf = (types: readonly ActivityType[], ends?: ReadonlyMap<string, readonly string[]>): Catalogue => ({
  types: new Map(types.map((type) => [type.type, type])),
  ...(ends && { ends }),
});

/** How an error event is handled: its mode, and the message of `automatic`. */
export function errorHandling(activity: Activity, event: string): { mode: ErrorMode; message?: string } {
  const handling = activity['errorHandling'];
  const written: Json | undefined = isObject(handling) ? handling[event] : undefined;
  if (isObject(written)) {
    const message = written['message'];
    return { mode: modeOf(written['mode']), ...(typeof message === 'string' && { message }) };
  }
  return { mode: modeOf(written) };
}

const modeOf = (mode: Json | undefined): ErrorMode => (mode === 'custom' || mode === 'ignore' ? mode : 'automatic');

/** The ids of a screen's buttons, and of its links that are outcomes. */
export const interactionsOf = (item: JsonObject | undefined): string[] =>
  unique(
    objects(item?.['components'])
      .filter((c) => c['type'] === 'Button' || c['type'] === 'Link')
      .map((c) => text(c['id'])),
  );

/** The names under `form` that a screen fills in. */
export const inputsOf = (item: JsonObject | undefined): JsonObject[] =>
  objects(item?.['components']).filter((c) => isInput(text(c['type'])) && text(c['name']));

const inputs = new Set(['TextInput', 'EmailInput', 'PhoneInput', 'PasswordInput', 'CodeInput', 'Checkbox', 'Select']);
export const isInput = (componentType: string): boolean => inputs.has(componentType);

/** The names of a flow's Ends: the outcomes of a Subflow activity that calls it. */
export const endsOf = (flow: Flow): string[] =>
  unique(
    objects(flow['activities'])
      .filter((a) => a['type'] === 'End')
      .map((a) => text(a['name']) || 'Done'),
  );

/** The outcomes an activity has by its type and settings, without regard to connections. */
export function outcomesOf(flow: Flow, item: Activity, catalogue: Catalogue): Port[] {
  const type = text(item['type']);
  const ports: Port[] = ownOutcomes(flow, item, type, catalogue).map((name) => ({ name, kind: 'outcome' }));
  if (type === 'Condition') ports.push({ name: 'Else', kind: 'else' });
  if (isObject(item['limit']) && hasLimit(type, catalogue)) ports.push({ name: 'Locked', kind: 'outcome' });
  for (const event of catalogue.types.get(type)?.errorEvents ?? [])
    if (errorHandling(item, event).mode === 'custom') ports.push({ name: event, kind: 'error' });
  return ports;
}

/** Whether activities of a type can have a limit of tries. */
const hasLimit = (type: string, catalogue: Catalogue): boolean =>
  catalogue.types.get(type)?.settings.some((setting) => setting.name === 'limit') ?? false;

function ownOutcomes(flow: Flow, item: Activity, type: string, catalogue: Catalogue): readonly string[] {
  switch (type) {
    case 'Screen':
      return interactionsOf(screen(flow, text(item['screen'])));
    case 'Condition':
      return unique(
        objects(item['branches'])
          .map((branch) => text(branch['outcome']))
          .filter((name) => name !== 'Else'),
      );
    case 'Subflow': {
      const known = catalogue.ends?.get(text(item['flow']));
      return known?.length ? known : (catalogue.types.get(type)?.outcomes ?? []);
    }
    default:
      return catalogue.types.get(type)?.outcomes ?? [];
  }
}

/** Every port to draw: the outcomes, and those that only a connection knows. */
export function portsOf(flow: Flow, item: Activity, catalogue: Catalogue): Port[] {
  const ports = outcomesOf(flow, item, catalogue);
  const known = new Set(ports.map((port) => port.name));
  for (const { port } of connectionsFrom(flow, text(item['id']))) {
    if (known.has(port)) continue;
    known.add(port);
    ports.push({ name: port, kind: 'missing' });
  }
  return ports;
}

/** The first outcome that leads nowhere yet: where the next activity is joined. */
export const freePort = (flow: Flow, item: Activity, catalogue: Catalogue): string | undefined => {
  const used = new Set(connectionsFrom(flow, text(item['id'])).map((connection) => connection.port));
  return outcomesOf(flow, item, catalogue).find((port) => !used.has(port.name))?.name;
};

const unique = (names: string[]): string[] => [...new Set(names.filter(Boolean))];

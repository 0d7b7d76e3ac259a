import type { ActivityType, ComponentType, Json, JsonObject } from '../api/types';
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
  components: ReadonlyMap<string, ComponentType>;
  /** The names of a flow's Ends, where they are known. */
  ends?: ReadonlyMap<string, readonly string[]>;
}

export const catalogueOf = (
  { activities, components }: { activities: readonly ActivityType[]; components: readonly ComponentType[] },
  ends?: ReadonlyMap<string, readonly string[]>,
): Catalogue => ({
  types: new Map(activities.map((type) => [type.type, type])),
  components: new Map(components.map((type) => [type.type, type])),
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

/** What a component is, where the server knows its type. */
export const componentTypeOf = (component: JsonObject, catalogue: Catalogue): ComponentType | undefined =>
  catalogue.components.get(text(component['type']));

/** The outcomes of a screen: the ids of what submits it. */
export const interactionsOf = (item: JsonObject | undefined, catalogue: Catalogue): string[] =>
  unique(
    objects(item?.['components'])
      .filter((component) => componentTypeOf(component, catalogue)?.interaction)
      .map((component) => text(component['id'])),
  );

/** The names under `form` that a screen fills in. */
export const inputsOf = (item: JsonObject | undefined, catalogue: Catalogue): JsonObject[] =>
  objects(item?.['components']).filter((component) => componentTypeOf(component, catalogue)?.input && text(component['name']));

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
      return interactionsOf(screen(flow, text(item['screen'])), catalogue);
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

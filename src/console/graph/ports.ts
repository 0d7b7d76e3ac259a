import type { ActivityType, ComponentType, Json, JsonObject, Setting } from '../api/types';
import { typeOf } from './described';
import { activities, connectionsFrom, screen, type Activity, type Flow } from './flow';
import { componentsOf, isObject, objects, text } from './json';

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
  /** The names of a flow's ends, where they are known. */
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
    componentsOf(item)
      .filter((component) => componentTypeOf(component, catalogue)?.interaction)
      .map((component) => text(component['id'])),
  );

/** The names under `form` that a screen fills in. */
export const inputsOf = (item: JsonObject | undefined, catalogue: Catalogue): JsonObject[] =>
  componentsOf(item).filter((component) => componentTypeOf(component, catalogue)?.input && text(component['name']));

/** The names of a flow's ends: the outcomes of an activity that enters it. */
export const endsOf = (flow: Flow, catalogue: Catalogue): string[] =>
  unique(activities(flow).flatMap((item) => (typeOf(item, catalogue)?.ends ? [endName(item, catalogue)] : [])));

/** What an end is called: its name, or that of one without. */
export const endName = (item: Activity, catalogue: Catalogue): string =>
  text(item['name']) || text(typeOf(item, catalogue)?.settings.find((setting) => setting.name === 'name')?.default);

/** The outcomes an activity has by its type and settings, without regard to connections. */
export function outcomesOf(flow: Flow, item: Activity, catalogue: Catalogue): Port[] {
  const type = typeOf(item, catalogue);
  if (!type) return [];
  let own: readonly string[] = type.outcomes;
  const [first, last]: [string[], string[]] = [[], []];
  for (const { name, outcomes } of type.settings) {
    const value = item[name];
    if (outcomes?.from === 'elements') first.push(...objects(value).map((element) => text(element[outcomes.name!])));
    else if (outcomes?.from === 'screen') own = interactionsOf(screen(flow, text(value)), catalogue);
    else if (outcomes?.from === 'flow') {
      const ends = catalogue.ends?.get(text(value)) ?? [];
      if (ends.length > 0) own = ends;
    } else if (outcomes?.from === 'given' && isObject(value)) last.push(outcomes.name!);
    else if (outcomes?.from === 'instead' && value === outcomes.name) own = outcomes.instead!;
    else if (outcomes?.from === 'members' && isObject(value)) last.push(...Object.keys(value));
  }
  const ports = unique([...first.filter((name) => !own.includes(name)), ...own, ...last]).map(
    (name): Port => ({ name, kind: type.optionalOutcomes.includes(name) ? 'else' : 'outcome' }),
  );
  for (const event of type.errorEvents) if (errorHandling(item, event).mode === 'custom') ports.push({ name: event, kind: 'error' });
  return ports;
}

/** Whether an error of it may be ignored: by an outcome that says what was found it cannot leave, as nothing was. */
export const mayIgnoreErrors = (item: Activity, type: ActivityType): boolean =>
  type.mayIgnoreErrors && !type.settings.some(({ name, outcomes }) => outcomes?.from === 'instead' && item[name] === outcomes.name);

/** Whether a setting gives ways out that only connections can use: none leaves an activity that stands inside another. */
export const needsConnections = (setting: Setting): boolean => setting.outcomes?.from === 'members' || setting.outcomes?.from === 'instead';

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

import type { ActivityType, ComponentType, Json, JsonObject, Setting } from '../api/types';
import { addActivities, addScreen, connect } from './edit';
import { screenOf, settingFor, typeOf } from './described';
import { activities, activity, screens, targetOf, type Activity, type Flow, type Position, type Screen } from './flow';
import { stemOf, takenIds, uniqueId } from './ids';
import { componentsOf, text } from './json';
import { freePort, outcomesOf, type Catalogue } from './ports';
import { nodeWidth, sizeOf } from './size';

export interface Known {
  catalogue: Catalogue;
  /** Connectors by id and type, for settings that need one: the only one of a type is taken. */
  connectors?: readonly { id: string; type: string }[];
}

/** A new activity with what its type says it begins with and needs; a screen that is needed is one that nothing shows yet, or a new one. */
export function newActivity(flow: Flow, type: ActivityType, known: Known): { activity: Activity; screen?: Screen } {
  const item: JsonObject = { id: uniqueId(stemOf(type), takenIds(flow)), type: type.type };
  let made: Screen | undefined;
  for (const setting of type.settings) {
    if (setting.initial !== undefined) item[setting.name] = setting.initial;
    else if (setting.required && setting.editor === 'screen') {
      const shown = new Set(activities(flow).map((other) => screenOf(other, known.catalogue)));
      const all = screens(flow).map((other) => text(other['id']));
      const free = all.find((id) => !shown.has(id));
      if (free === undefined) made = newScreen(uniqueId('screen', all), known.catalogue);
      item[setting.name] = free ?? text(made!['id']);
    } else if (setting.required) item[setting.name] = initial(setting, known);
  }
  return { activity: item, ...(made && { screen: made }) };
}

function initial(setting: Setting, known: Known): Json {
  if (setting.editor?.startsWith('connector:')) {
    const fitting = known.connectors?.filter((connector) => `connector:${connector.type}` === setting.editor) ?? [];
    return fitting.length === 1 ? fitting[0]!.id : '';
  }
  if (setting.default !== undefined && setting.default !== null) return setting.default;
  switch (setting.kind) {
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return setting.minimum ?? 0;
    case 'object':
    case 'templateMap':
      return {};
    case 'list':
      return [];
    default:
      return '';
  }
}

export const newScreen = (id: string, catalogue: Catalogue): Screen => ({ id, title: 'New screen', components: foot(catalogue) });

/** What every screen ends with: the place for errors, and what submits it. */
const foot = ({ components }: Catalogue): JsonObject[] =>
  [[...components.values()].find((type) => type.showsErrors), [...components.values()].find((type) => type.takesEnter)].flatMap((type) =>
    type ? [{ type: type.type, ...type.new }] : [],
  );

export const newBranch = (taken: readonly string[]): JsonObject => ({
  outcome: uniqueId('Branch', taken),
  rules: [{ key: '', operator: 'equal', value: '' }],
});

/** A component with what its type has to begin with; names and ids are new in the screen. */
export function newComponent(item: Screen, type: ComponentType): JsonObject {
  const others = componentsOf(item);
  const made: JsonObject = { type: type.type, ...type.new };
  for (const member of ['name', 'id'])
    if (made[member])
      made[member] = uniqueId(
        text(made[member]),
        others.map((other) => text(other[member])),
      );
  return made;
}

/** Where a new activity goes: on a connection or behind an outcome, after another activity, or only to a place. */
export type Spot =
  | { at: Position }
  | { on: { source: string; port: string }; at?: Position | undefined; positions?: ReadonlyMap<string, Position> }
  | { after: string; positions?: ReadonlyMap<string, Position> };

/**
 * Adds an activity of a type. After another one it is joined to that one's first free outcome, or stands between it and what follows; on a
 * connection it stands between both ends. Where activities have places of their own, it stands beside what it follows.
 */
export function addActivity(flow: Flow, type: ActivityType, known: Known, spot: Spot): { flow: Flow; id: string } {
  const made = newActivity(flow, type, known);
  const id = text(made.activity['id']);
  const before = 'after' in spot ? activity(flow, spot.after) : undefined;
  const port = before && nextPort(flow, before, known.catalogue);
  const source = 'on' in spot ? spot.on : before && port ? { source: text(before['id']), port } : undefined;
  const beside = 'after' in spot ? spot.after : 'on' in spot ? spot.on.source : '';
  const at =
    ('at' in spot && spot.at) || ('positions' in spot && spot.positions && freeSpot(flow, beside, spot.positions, known.catalogue));
  let next = made.screen ? addScreen(flow, made.screen) : flow;
  next = addActivities(next, [{ activity: made.activity, ...(at && { at }) }]);
  if (!source) return { flow: next, id };
  const target = targetOf(flow, source.source, source.port);
  next = connect(next, { ...source, target: id });
  const out = target === undefined ? undefined : freePort(next, activity(next, id)!, known.catalogue);
  if (target !== undefined && out !== undefined) next = connect(next, { source: id, port: out, target });
  return { flow: next, id };
}

/** The outcome that an activity is added at: the first free one, or the first; and rather before an end than at an error. */
function nextPort(flow: Flow, item: Activity, catalogue: Catalogue): string | undefined {
  const ports = outcomesOf(flow, item, catalogue);
  const free = freePort(flow, item, catalogue);
  const next = targetOf(flow, text(item['id']), ports[0]?.name ?? '');
  const isBeforeEnd = next !== undefined && typeOf(activity(flow, next) ?? {}, catalogue)?.ends === true;
  const isError = ports.find((one) => one.name === free)?.kind === 'error';
  return free === undefined || (isError && isBeforeEnd) ? ports[0]?.name : free;
}

const gap = { x: 72, y: 48 };

/** A place to the right of an activity that nothing stands on. */
export function freeSpot(flow: Flow, after: string, positions: ReadonlyMap<string, Position>, catalogue: Catalogue): Position {
  const beside = activity(flow, after);
  const from = positions.get(after) ?? { x: 0, y: 0 };
  const width = beside ? sizeOf(flow, beside, catalogue).width : 0;
  const spot = { x: from.x + width + (beside ? gap.x : 0), y: from.y };
  const near = [...positions.values()].filter((other) => Math.abs(other.x - spot.x) < nodeWidth);
  while (near.some((other) => Math.abs(other.y - spot.y) < 120)) spot.y += 120 + gap.y;
  return spot;
}

/** The flow that a person begins with: one screen and an End. */
export function blankFlow(id: string, name: string, catalogue: Catalogue): Flow {
  const plain = [...catalogue.components.values()].find((type) => !type.input && !type.interaction && !type.showsErrors);
  const types = [...catalogue.types.values()];
  const [asks, ends] = [types.find((type) => type.waits && settingFor(type, 'screen')), types.find((type) => type.ends)];
  return {
    $schema: './flow.schema.json',
    id,
    name,
    start: 'start',
    activities: [
      { id: 'start', type: asks?.type ?? '', [settingFor(asks, 'screen')?.name ?? 'screen']: 'start' },
      { id: 'done', type: ends?.type ?? '' },
    ],
    connections: [{ source: 'start', port: 'submit', target: 'done' }],
    screens: [
      {
        id: 'start',
        title: name,
        components: [...(plain ? [{ type: plain.type, ...plain.new, text: 'This is the first screen.' }] : []), ...foot(catalogue)],
      },
    ],
  };
}

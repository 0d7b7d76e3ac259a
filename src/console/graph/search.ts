import type { Json } from '../api/types';
import { spokenSetting } from './changes';
import { activities, connections, screens, type Flow } from './flow';
import { isExactNumber } from '../api/json';
import { isObject, text } from './json';
import { pointerTo } from './pointer';

/** A text of a flow, and where it stands. */
export interface FoundText {
  /** The place in words: "lookup · query". */
  label: string;
  text: string;
  activity?: string;
  screen?: string;
  component?: number;
}

/** Every text and number that stands in the settings and screens of a flow, to be searched. */
export function textsOf(flow: Flow): FoundText[] {
  const found: FoundText[] = [];
  for (const item of activities(flow)) {
    const id = text(item['id']);
    leaves(item, '', (pointer, value) => {
      if (pointer !== '/id' && pointer !== '/type') found.push({ label: `${id} · ${spokenSetting(pointer)}`, text: value, activity: id });
    });
  }
  for (const item of screens(flow)) {
    const id = text(item['id']);
    leaves(item, '', (pointer, value) => {
      if (pointer === '/id' || /^(\/components\/\d+)+\/type$/.test(pointer)) return;
      const component = /^\/components\/(\d+)/.exec(pointer)?.[1];
      found.push({
        label: `screen ${id} · ${spokenSetting(pointer)}`,
        text: value,
        screen: id,
        ...(component !== undefined && { component: Number(component) }),
      });
    });
  }
  for (const { source, port } of connections(flow)) found.push({ label: `${source} · ${port}`, text: port, activity: source });
  return found;
}

function leaves(value: Json, pointer: string, add: (pointer: string, text: string) => void): void {
  if (typeof value === 'string') {
    if (value.trim()) add(pointer, value);
  } else if (typeof value === 'number' || isExactNumber(value)) add(pointer, String(value));
  else if (Array.isArray(value)) value.forEach((item, index) => leaves(item, pointerTo(pointer, index), add));
  else if (isObject(value)) for (const [name, inner] of Object.entries(value)) leaves(inner, pointerTo(pointer, name), add);
}

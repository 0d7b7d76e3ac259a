import type { ActivityType, Json } from '../api/types';
import { typeOf } from './described';
import { screen, type Activity, type Flow } from './flow';
import { isObject, text } from './json';
import type { Catalogue } from './ports';

const hole = /\{(\w+)((?:\.\w+)*)(?:(\?)|#([^{},]*),([^{}]*)|=([^{}]*))?\}/g;

/** What an activity does, in one line: the first alternative of its type's summary whose holes all have a value (docs/management-api.md). */
export function summaryOf(flow: Flow, item: Activity, catalogue: Catalogue): string {
  const type = typeOf(item, catalogue);
  if (!type?.summary) return text(item['description']);
  for (const alternative of type.summary.split('|')) {
    const said = filled(alternative, flow, item, type);
    if (said !== undefined) return said;
  }
  return '';
}

function filled(template: string, flow: Flow, item: Activity, type: ActivityType): string | undefined {
  let isComplete = true;
  const said = template.replace(
    hole,
    (_, name: string, members: string, written?: string, one?: string, many?: string, wanted?: string) => {
      const setting = type.settings.find((other) => other.name === name);
      const own = item[name] ?? (written ? undefined : setting?.default);
      const value = members.split('.').slice(1).reduce(memberOf, own);
      if (one !== undefined) {
        const count = Array.isArray(value) ? value.length : 0;
        return `${count} ${count === 1 ? one : many}`;
      }
      if (wanted !== undefined) {
        isComplete &&= shown(value) === wanted;
        return '';
      }
      const words = setting?.editor === 'screen' ? screenTitle(flow, text(value)) : shown(value);
      isComplete &&= words !== '';
      return words;
    },
  );
  return isComplete ? said : undefined;
}

/** A member of an object; of a list that of each element. */
const memberOf = (value: Json | undefined, name: string): Json | undefined =>
  Array.isArray(value) ? value.map((element) => memberOf(element, name) ?? '') : isObject(value) ? value[name] : undefined;

function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (isObject(value)) return Object.keys(value).join(', ');
  return String(value).replace(/\s+/g, ' ').trim();
}

const screenTitle = (flow: Flow, id: string): string => text(screen(flow, id)?.['title']) || id;

import type { ComponentType, JsonObject, Setting } from '../../api/types';
import { text } from '../../graph/json';

/** The settings to show for a component: those its type asks for, and those of any type that are set all the same. */
export function settingsFor(component: JsonObject, type: ComponentType | undefined, all: readonly ComponentType[]): Setting[] {
  const own = (type?.settings ?? []).filter((setting) => !setting.rare || component[setting.name] !== undefined);
  const others = new Map(all.flatMap((other) => other.settings).map((setting) => [setting.name, setting]));
  for (const { name } of own) others.delete(name);
  return [...own, ...[...others.values()].filter((setting) => component[setting.name] !== undefined)];
}

/** How a component is called in a list. */
export function componentTitle(component: JsonObject): string {
  const words =
    text(component['label']) || text(component['text']) || text(component['alt']) || text(component['name']) || text(component['id']);
  return words.length > 60 ? `${words.slice(0, 60)}…` : words;
}

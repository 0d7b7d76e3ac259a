import { counted } from '../text/counted';
import type { Json } from '../api/types';
import { pathOf } from '../graph/contextPath';
import { isObject } from '../graph/json';

/** A line of a JSON tree. */
export interface JsonRow {
  /** Tells the lines of a tree apart. */
  key: string;
  /** The last name or index; undefined for the tree's own value. */
  name: string | number | undefined;
  segments: (string | number)[];
  value: Json;
  level: number;
  /** Its place among its siblings, from 1, and how many they are. */
  position: number;
  siblings: number;
  /** Whether it is open; undefined for what has nothing inside. */
  isOpen: boolean | undefined;
  /** How many of its members are left out, and only come when they are asked for. */
  rest?: number;
}

/** What a person opened and closed, by key; everything else is as it begins. */
export type JsonFolds = ReadonlyMap<string, boolean>;

/** Texts longer than this are cut until they are opened. */
export const longText = 240;

/** Arrays and objects show so many members until more are asked for. */
export const manyMembers = 100;

const membersOf = (value: Json): [string | number, Json][] =>
  Array.isArray(value) ? value.map((item, index) => [index, item]) : isObject(value) ? Object.entries(value) : [];

const canOpen = (value: Json): boolean => membersOf(value).length > 0 || (typeof value === 'string' && value.length > longText);

/** The lines to show of a value, top to bottom. A container that stands at the top has no line of its own: its members are the lines. */
export function jsonRows(value: Json, base: (string | number)[], folds: JsonFolds, depth: number): JsonRow[] {
  const rows: JsonRow[] = [];
  const members = membersOf(value);
  if (members.length > 0) addMembers(members, base, 1);
  else
    rows.push({
      key: pathOf(base),
      name: undefined,
      segments: base,
      value,
      level: 1,
      position: 1,
      siblings: 1,
      isOpen: canOpen(value) ? (folds.get(pathOf(base)) ?? false) : undefined,
    });
  return rows;

  function addMembers(all: [string | number, Json][], parent: (string | number)[], level: number) {
    const more = `${pathOf(parent)}\n`;
    const shown = all.length > manyMembers && !folds.get(more) ? all.slice(0, manyMembers) : all;
    shown.forEach(([name, member], index) => {
      const segments = [...parent, name];
      const key = pathOf(segments);
      const isOpen = canOpen(member) ? (folds.get(key) ?? (level <= depth && typeof member !== 'string')) : undefined;
      rows.push({ key, name, segments, value: member, level, position: index + 1, siblings: all.length, isOpen });
      if (isOpen && typeof member !== 'string') addMembers(membersOf(member), segments, level + 1);
    });
    if (shown.length < all.length)
      rows.push({
        key: more,
        name: undefined,
        segments: parent,
        value: null,
        level,
        position: shown.length + 1,
        siblings: all.length,
        isOpen: false,
        rest: all.length - shown.length,
      });
  }
}

/** What a folded container holds, in words. */
export const sizeOf = (value: Json): string => {
  const count = membersOf(value).length;
  const word = Array.isArray(value) ? 'item' : 'member';
  return count === 0 ? (Array.isArray(value) ? '[ ]' : '{ }') : counted(count, word);
};

/** A text cut where secrets were taken out of it: at odd places stands what was taken out. */
export const withoutMasks = (text: string): string[] => text.split('***').flatMap((part, index) => (index === 0 ? [part] : ['***', part]));

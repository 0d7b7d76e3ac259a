import type { JsonObject } from '../api/types';
import { activity, type Flow, type Position } from './flow';
import { isObject, objects, removeAt, replaceAt, text, withMember } from './json';

// What people write beside the activities: notes where they put them, and groups of activities under a title. Both stand in
// `designer`, under names that no activity can have, and go along wherever the flow goes.

const noteMember = '#notes';
const groupMember = '#groups';

export interface Note extends Position {
  text: string;
}

/** Activities under a title; drawn around where they stand. */
export interface Group {
  title: string;
  activities: string[];
}

const listOf = (flow: Flow, member: string): JsonObject[] => objects(isObject(flow['designer']) ? flow['designer'][member] : undefined);

function withList(flow: Flow, member: string, list: JsonObject[]): Flow {
  const designer = withMember(isObject(flow['designer']) ? flow['designer'] : {}, member, list.length > 0 ? list : undefined);
  return withMember(flow, 'designer', Object.keys(designer).length > 0 ? designer : undefined);
}

export const notesOf = (flow: Flow): Note[] =>
  listOf(flow, noteMember).map((note) => ({ text: text(note['text']), x: Number(note['x']) || 0, y: Number(note['y']) || 0 }));

export const addNote = (flow: Flow, { x, y }: Position): Flow =>
  withList(flow, noteMember, [...listOf(flow, noteMember), { text: '', x: Math.round(x), y: Math.round(y) }]);

export function changeNote(flow: Flow, index: number, change: Partial<Note>): Flow {
  const list = listOf(flow, noteMember);
  const old = list[index];
  return old ? withList(flow, noteMember, replaceAt(list, index, { ...old, ...change })) : flow;
}

export const removeNote = (flow: Flow, index: number): Flow => withList(flow, noteMember, removeAt(listOf(flow, noteMember), index));

/** The groups, as far as their activities are there. */
export const groupsOf = (flow: Flow): Group[] =>
  listOf(flow, groupMember).map((group) => ({
    title: text(group['title']),
    activities: membersOf(group).filter((id) => activity(flow, id)),
  }));

const membersOf = (group: JsonObject): string[] =>
  Array.isArray(group['activities']) ? group['activities'].map(text).filter(Boolean) : [];

/** Puts activities under a title. */
export const addGroup = (flow: Flow, title: string, ids: readonly string[]): Flow =>
  withList(flow, groupMember, [...listOf(flow, groupMember), { title, activities: [...ids] }]);

export function renameGroup(flow: Flow, index: number, title: string): Flow {
  const list = listOf(flow, groupMember);
  const old = list[index];
  return old ? withList(flow, groupMember, replaceAt(list, index, { ...old, title })) : flow;
}

/** Takes a group apart; its activities stay. */
export const removeGroup = (flow: Flow, index: number): Flow => withList(flow, groupMember, removeAt(listOf(flow, groupMember), index));

/** The groups after an activity got another id, or, without one, has gone; one without activities goes too. */
export function inGroups(flow: Flow, change: (id: string) => string | undefined): Flow {
  const list = listOf(flow, groupMember);
  if (list.length === 0) return flow;
  const next = list.flatMap((group) => {
    const members = membersOf(group).flatMap((id) => change(id) ?? []);
    return members.length > 0 ? [{ ...group, activities: members }] : [];
  });
  return withList(flow, groupMember, next);
}

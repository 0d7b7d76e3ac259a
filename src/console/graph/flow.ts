import type { Json, JsonObject } from '../api/types';
import { isObject, text } from './json';

/** A flow file as it is: shared and immutable, unknown members included. */
export type Flow = JsonObject;
export type Activity = JsonObject;
export type Screen = JsonObject;

export interface Connection {
  source: string;
  port: string;
  target: string;
}

export interface Position {
  x: number;
  y: number;
}

const list = (flow: Flow, name: string): Json[] => {
  const value = flow[name];
  return Array.isArray(value) ? value : none;
};
const none: Json[] = [];

export const activityList = (flow: Flow): Json[] => list(flow, 'activities');
export const connectionList = (flow: Flow): Json[] => list(flow, 'connections');
export const screenList = (flow: Flow): Json[] => list(flow, 'screens');
export const startOf = (flow: Flow): string => text(flow['start']);

// What is looked up often is kept beside the array it was made from. Edits make new arrays, so nothing here can be stale.
const byIds = new WeakMap<Json[], Map<string, { index: number; item: JsonObject }>>();

function byId(items: Json[]): Map<string, { index: number; item: JsonObject }> {
  let map = byIds.get(items);
  if (!map) {
    map = new Map();
    items.forEach((item, index) => {
      const id = isObject(item) ? text(item['id']) : '';
      if (id && !map!.has(id)) map!.set(id, { index, item: item as JsonObject });
    });
    byIds.set(items, map);
  }
  return map;
}

export const activity = (flow: Flow, id: string): Activity | undefined => byId(activityList(flow)).get(id)?.item;
export const activityIndex = (flow: Flow, id: string): number => byId(activityList(flow)).get(id)?.index ?? -1;
export const activities = (flow: Flow): Activity[] => [...byId(activityList(flow)).values()].map((entry) => entry.item);
export const activityIds = (flow: Flow): string[] => [...byId(activityList(flow)).keys()];
export const screen = (flow: Flow, id: string): Screen | undefined => byId(screenList(flow)).get(id)?.item;
export const screenIndex = (flow: Flow, id: string): number => byId(screenList(flow)).get(id)?.index ?? -1;
export const screens = (flow: Flow): Screen[] => [...byId(screenList(flow)).values()].map((entry) => entry.item);

interface Links {
  all: Connection[];
  from: Map<string, Connection[]>;
  to: Map<string, Connection[]>;
}

const linksOf = new WeakMap<Json[], Links>();

function links(flow: Flow): Links {
  const items = connectionList(flow);
  let found = linksOf.get(items);
  if (!found) {
    found = { all: [], from: new Map(), to: new Map() };
    for (const item of items) {
      if (!isObject(item)) continue;
      const connection = { source: text(item['source']), port: text(item['port']), target: text(item['target']) };
      found.all.push(connection);
      found.from.set(connection.source, [...(found.from.get(connection.source) ?? []), connection]);
      found.to.set(connection.target, [...(found.to.get(connection.target) ?? []), connection]);
    }
    linksOf.set(items, found);
  }
  return found;
}

const noConnections: Connection[] = [];
export const connections = (flow: Flow): Connection[] => links(flow).all;
export const connectionsFrom = (flow: Flow, id: string): Connection[] => links(flow).from.get(id) ?? noConnections;
export const connectionsTo = (flow: Flow, id: string): Connection[] => links(flow).to.get(id) ?? noConnections;
export const targetOf = (flow: Flow, id: string, port: string): string | undefined =>
  connectionsFrom(flow, id).find((connection) => connection.port === port)?.target;

export function positionOf(flow: Flow, id: string): Position | undefined {
  const designer = flow['designer'];
  const at = isObject(designer) ? designer[id] : undefined;
  if (!isObject(at)) return undefined;
  const { x, y } = at;
  return typeof x === 'number' && typeof y === 'number' ? { x, y } : undefined;
}

/** What an activity is called where people read: its name, or its id. */
export const titleOf = (item: JsonObject): string => text(item['name']) || text(item['id']);

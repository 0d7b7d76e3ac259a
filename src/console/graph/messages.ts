import { connectionList, type Flow } from './flow';
import { isObject, replaceAt, text, withMember } from './json';

const indexOf = (flow: Flow, source: string, port: string): number =>
  connectionList(flow).findIndex((item) => isObject(item) && item['source'] === source && item['port'] === port);

/** What the next screen says to whoever comes this way; '' for nothing. A template. */
export function messageOf(flow: Flow, source: string, port: string): string {
  const item = connectionList(flow)[indexOf(flow, source, port)];
  return isObject(item) ? text(item['message']) : '';
}

/** Gives a connection a message; '' takes it away. */
export function setMessage(flow: Flow, source: string, port: string, message: string): Flow {
  const list = connectionList(flow);
  const index = indexOf(flow, source, port);
  const item = list[index];
  if (!isObject(item) || text(item['message']) === message) return flow;
  return withMember(flow, 'connections', replaceAt(list, index, withMember(item, 'message', message || undefined)));
}

/** Audit entries as sentences. No DOM. */
import type { AuditEntry, Json, JsonObject } from '../api/types';
import { isObject } from '../graph/json';

export interface Sentence {
  /** What was done, between the actor and the subject: "published version 3 of the flow". */
  verb: string;
  /** The subject's id, without its kind; undefined where the verb says it all. */
  subject?: string;
  /** What follows the subject, such as a note or a role. */
  rest?: string;
}

/** Kind and id of a subject such as "flow:login". */
export function subjectOf(subject: string): { kind: string; id: string } {
  const colon = subject.indexOf(':');
  return colon < 0 ? { kind: '', id: subject } : { kind: subject.slice(0, colon), id: subject.slice(colon + 1) };
}

/** Where the console shows a subject; undefined where it does not. */
export function linkOf(subject: string): string | undefined {
  const { kind, id } = subjectOf(subject);
  if (kind === 'flow') return `/flows/${encodeURIComponent(id)}`;
  if (kind === 'connector') return `/connectors/${encodeURIComponent(id)}`;
  if (kind === 'run') return `/runs/${encodeURIComponent(id)}`;
  return undefined;
}

const mostNamed = 4;

/** The settings that a change names: ": baseUrl, hmacSecret". */
function changesOf(changes: Json | undefined): { rest?: string } {
  const names = (Array.isArray(changes) ? changes : []).flatMap((change) => (isObject(change) ? String(change['setting']) : []));
  if (names.length === 0) return {};
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  return { rest: `: ${names.slice(0, mostNamed).join(', ')}${more}` };
}

/** "2 flows, 1 connector, 1 deleted" of what an entry lists. */
function appliedOf(members: JsonObject): string {
  const count = (name: string) => (Array.isArray(members[name]) ? members[name].length : 0);
  const parts = [
    [count('flows'), 'flow'],
    [count('connectors'), 'connector'],
  ] as const;
  const deleted = count('deletedFlows') + count('deletedConnectors');
  const told = parts.filter(([number]) => number > 0).map(([number, kind]) => `${number} ${kind}${number === 1 ? '' : 's'}`);
  if (deleted > 0) told.push(`${deleted} deleted`);
  if (typeof members['untold'] === 'number') told.push(`${members['untold']} more`);
  return told.length === 0 ? 'nothing differed' : told.join(', ');
}

/** What an entry says, for a person to read. An action that is not known here is told by its name. */
export function sentenceOf({ action, actor, subject, detail }: AuditEntry): Sentence {
  const { kind, id } = subjectOf(subject);
  const members = isObject(detail) ? detail : {};
  const version = members['version'] === undefined ? '' : ` version ${String(members['version'])} of`;
  const note = typeof members['note'] === 'string' && members['note'] !== '' ? { rest: `: “${members['note']}”` } : {};
  const role = typeof members['role'] === 'string' ? members['role'] : '';
  const isSelf = kind === 'user' && id === actor;
  switch (action) {
    case 'console.setup':
      return { verb: 'set up the console and became the first admin' };
    case 'session.begin':
      return { verb: 'signed in' };
    case 'session.end':
      return { verb: 'signed out' };
    case 'user.add':
      return { verb: 'added', subject: id, ...(role && { rest: ` as ${role}` }) };
    case 'user.role':
      return { verb: 'changed the role of', subject: id, ...(role && { rest: ` to ${role}` }) };
    case 'user.password':
      return isSelf ? { verb: 'changed their password' } : { verb: 'set a new password for', subject: id };
    // Releases before the one list of actions wrote user.remove on the command line.
    case 'user.remove':
    case 'user.delete':
      return { verb: 'removed', subject: id };
    case 'flow.draft':
      return { verb: 'changed the draft of the flow', subject: id };
    case 'flow.draft_discard':
      return { verb: 'discarded the draft of the flow', subject: id };
    case 'flow.publish':
      return { verb: `published${version} the flow`, subject: id, ...note };
    case 'flow.restore':
      return { verb: `published an old version again, as${version || ' a new version of'} the flow`, subject: id, ...note };
    case 'flow.delete':
      return { verb: 'deleted the flow', subject: id };
    case 'connector.add':
      return { verb: 'made the connector', subject: id };
    case 'connector.save':
      return { verb: 'changed the connector', subject: id, ...changesOf(members['changes']) };
    case 'connector.delete':
      return { verb: 'deleted the connector', subject: id };
    case 'connector.test':
      return { verb: 'tested the connector', subject: id };
    case 'call.retry':
      return { verb: 'had a call that was left for later delivered again,', subject: id };
    case 'call.remove':
      return { verb: 'took away a call that was left for later,', subject: id };
    case 'key.rotate':
      return {
        verb: members['now'] === true ? 'replaced the signing key at once, with' : 'began to replace the signing key by',
        subject: id,
      };
    case 'key.revoke':
      return { verb: 'revoked the signing key', subject: id };
    case 'environment.apply':
      return { verb: `applied a folder: ${appliedOf(members)}`, ...note };
    case 'run.cancel':
      return { verb: 'cancelled the run', subject: id };
    default:
      return { verb: action.replaceAll(/[._]/g, ' '), subject };
  }
}

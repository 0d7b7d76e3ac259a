import { describe, expect, it } from 'vitest';
import { groupChanges } from './changes';
import { connect, reconnect } from './edit';
import { connectionList, type Flow } from './flow';
import { messageOf, setMessage } from './messages';

const flow: Flow = {
  id: 'f',
  connections: [
    { source: 'a', port: 'Busy', target: 's', note: 1 },
    { source: 'a', port: 'Else', target: 'b' },
  ],
};

describe('the message of a connection', () => {
  it('is set, changed and taken away, and what else stands there stays', () => {
    const told = setMessage(flow, 'a', 'Busy', 'Wait, {{form.email}}.');
    expect(told['connections']).toEqual([
      { source: 'a', port: 'Busy', target: 's', note: 1, message: 'Wait, {{form.email}}.' },
      connectionList(flow)[1],
    ]);
    expect(messageOf(told, 'a', 'Busy')).toBe('Wait, {{form.email}}.');
    expect(messageOf(told, 'a', 'Else')).toBe('');
    expect(setMessage(told, 'a', 'Busy', '')).toEqual(flow);
    expect(setMessage(told, 'a', 'Busy', 'Wait, {{form.email}}.')).toBe(told);
    expect(setMessage(flow, 'a', 'None', 'x')).toBe(flow);
  });

  it('stays when the connection leads elsewhere', () => {
    const told = setMessage(flow, 'a', 'Busy', 'Wait.');
    expect(messageOf(connect(told, { source: 'a', port: 'Busy', target: 'b' }), 'a', 'Busy')).toBe('Wait.');
    const moved = reconnect(told, { source: 'a', port: 'Busy', target: 's' }, { source: 'a', port: 'Busy', target: 'b' });
    expect(messageOf(moved, 'a', 'Busy')).toBe('Wait.');
  });

  it('is told in a comparison as what the activity says', () => {
    const groups = groupChanges([
      { change: 'added', kind: 'setting', of: 'connection', id: 'a', name: 'Busy', setting: 'message', after: 'Wait.' },
    ]);
    expect(groups).toMatchObject([
      { kind: 'activity', id: 'a', change: 'changed', lines: [{ sentence: 'the message of Busy is set', after: 'Wait.' }] },
    ]);
  });
});

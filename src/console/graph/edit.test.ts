import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../api/types';
import { copyOf, duplicate, parseCopy, paste } from './clipboard';
import { enteredOf, ruleText, valueOf } from './conditions';
import { addActivity, blankFlow, newBranch } from './create';
import {
  activitiesShowing,
  connect,
  disconnect,
  moveActivities,
  reconnect,
  removeActivities,
  removeAndHeal,
  renameScreen,
  repairIds,
  replaceScreen,
  setActivityMember,
  setBranches,
  setErrorHandling,
  withoutPlaces,
} from './edit';
import { activity, activityIds, connections, positionOf, screen, startOf, targetOf, type Flow } from './flow';
import { begin, record, redo, undo } from './history';
import { idProblem, slug, uniqueId } from './ids';
import ELK from 'elkjs/lib/elk.bundled.js';
import { elkGraphOf, isAutomatic, placesFrom, withGiven } from './layout';
import { addGroup, addNote, groupsOf, notesOf } from './notes';
import { mainPathOf } from './mainPath';

import { rename } from './names';
import { neighbour, readingOrder } from './navigate';
import { errorHandling, freePort, portsOf } from './ports';
import { catalogue, login, types } from '../test/login';

const names = (flow: JsonObject, id: string) => portsOf(flow, activity(flow, id)!, catalogue).map((port) => port.name);

describe('round trip', () => {
  it('an edit that is taken back gives the same text', () => {
    const before = JSON.stringify(login);
    let flow = setActivityMember(login, 'profile', 'method', 'POST');
    flow = setActivityMember(flow, 'profile', 'method', 'GET');
    flow = rename(flow, { kind: 'activity', id: 'profile' }, 'other', catalogue);
    flow = rename(flow, { kind: 'activity', id: 'other' }, 'profile', catalogue);
    expect(JSON.stringify(flow)).toBe(before);
    expect(JSON.stringify(login)).toBe(before);
  });

  it('unknown members and the order of members stay', () => {
    const flow = {
      zz: 1,
      ...login,
      activities: [{ 'x-note': [1], id: 'a', type: 'End' }],
      connections: [{ id: 'c1', source: 'a', port: 'p', target: 'a' }],
      designer: { a: { x: 1, y: 2, color: 'red' } },
    };
    const moved = connect(moveActivities(setActivityMember(flow, 'a', 'name', 'Bye'), new Map([['a', { x: 5.4, y: 6 }]])), {
      source: 'a',
      port: 'p',
      target: 'b',
    });
    expect(Object.keys(moved)[0]).toBe('zz');
    expect(moved['activities']).toEqual([{ 'x-note': [1], id: 'a', type: 'End', name: 'Bye' }]);
    expect(moved['connections']).toEqual([{ id: 'c1', source: 'a', port: 'p', target: 'b' }]);
    expect(moved['designer']).toEqual({ a: { x: 5, y: 6, color: 'red' } });
  });

  it('what did not change is shared', () => {
    const flow = setActivityMember(login, 'profile', 'method', 'POST');
    expect(activity(flow, 'lookup')).toBe(activity(login, 'lookup'));
    expect(flow['connections']).toBe(login['connections']);
  });
});

describe('activities', () => {
  it('removing one takes its connections and its place, and gives another start', () => {
    const flow = removeActivities(login, ['signIn']);
    expect(connections(flow).some((c) => c.source === 'signIn' || c.target === 'signIn')).toBe(false);
    expect(positionOf(flow, 'signIn')).toBeUndefined();
    expect(startOf(flow)).toBe('lookup');
  });

  it('ids are readable, and free', () => {
    expect(uniqueId('lookup', ['lookup', 'lookup2'])).toBe('lookup3');
    expect(uniqueId('lookup2', ['lookup2'])).toBe('lookup3');
    expect(slug('User Not Found!')).toBe('user-not-found');
    expect(slug('Überprüfung')).toBe('uberprufung');
    expect(idProblem('a..b', [])).toBeDefined();
    expect(idProblem('-a', [])).toBeDefined();
    expect(idProblem('a', ['a'])).toMatch(/taken/);
    expect(idProblem('a', ['b'])).toBeUndefined();
  });

  it('an added one is joined to the first free outcome and stands to the right', () => {
    let flow: JsonObject = blankFlow('f', 'F', catalogue);
    flow = disconnect(flow, 'start', 'submit');
    const added = addActivity(
      flow,
      types.get('Database')!,
      {
        catalogue,
        connectors: [
          { id: 'db', type: 'sql' },
          { id: 'api', type: 'http' },
        ],
      },
      {
        after: 'start',
        positions: new Map([
          ['start', { x: 0, y: 0 }],
          ['done', { x: 276, y: 0 }],
        ]),
      },
    );
    expect(added.id).toBe('lookup');
    expect(activity(added.flow, 'lookup')).toMatchObject({ connector: 'db', query: '' });
    expect(targetOf(added.flow, 'start', 'submit')).toBe('lookup');
    expect(positionOf(added.flow, 'lookup')!.x).toBeGreaterThan(232);
    const screenAdded = addActivity(added.flow, types.get('Screen')!, { catalogue }, { at: { x: 0, y: 0 } });
    expect(activity(screenAdded.flow, screenAdded.id)!['screen']).toBe('screen');
    expect(names(screenAdded.flow, screenAdded.id)).toEqual(['submit']);
  });

  it('activities of one id are told apart', () => {
    const { flow, changed } = repairIds({
      ...login,
      activities: [{ id: 'a', type: 'End' }, { id: 'a', type: 'End' }, { type: 'End' }, null],
    });
    expect(changed).toEqual(['a2', 'activity']);
    expect(activityIds(flow)).toEqual(['a', 'a2', 'activity']);
    expect(repairIds(login).flow).toBe(login);
  });
});

describe('ports', () => {
  it('come from the type, the error events, the branches and the screen', () => {
    expect(names(login, 'signIn')).toEqual(['submit']);
    expect(names(login, 'profile')).toEqual(['Success', 'Generic HTTP Error']);
    expect(names(login, 'byStatus')).toEqual(['Not found', 'Rate limited', 'Else']);
    expect(names(login, 'done')).toEqual([]);
    expect(names(login, 'again')).toEqual([]);
  });

  it('a Subflow has the Ends of its flow where they are known', () => {
    const flow = { activities: [{ id: 's', type: 'Subflow', flow: 'password' }] };
    const ends = new Map([['password', ['Done', 'Locked']]]);
    expect(portsOf(flow, activity(flow, 's')!, { ...catalogue, ends }).map((p) => p.name)).toEqual(['Done', 'Locked']);
    expect(portsOf(flow, activity(flow, 's')!, catalogue).map((p) => p.name)).toEqual(['Done']);
  });

  it('a connection by an outcome that is not there stays visible', () => {
    const flow = connect(login, { source: 'user', port: 'Gone', target: 'done' });
    expect(portsOf(flow, activity(flow, 'user')!, catalogue)).toEqual([
      { name: 'Done', kind: 'outcome' },
      { name: 'Gone', kind: 'missing' },
    ]);
  });

  it('one connection leaves a port', () => {
    const flow = connect(login, { source: 'user', port: 'Done', target: 'done' });
    expect(connections(flow).filter((c) => c.source === 'user')).toEqual([{ source: 'user', port: 'Done', target: 'done' }]);
    const moved = reconnect(flow, { source: 'user', port: 'Done', target: 'done' }, { source: 'claims', port: 'Done', target: 'user' });
    expect(targetOf(moved, 'user', 'Done')).toBeUndefined();
    expect(targetOf(moved, 'claims', 'Done')).toBe('user');
    expect(freePort(moved, activity(moved, 'user')!, catalogue)).toBe('Done');
  });

  it('a branch that is renamed keeps its connection, one that is removed loses it', () => {
    const [first, second] = activity(login, 'byStatus')!['branches'] as JsonObject[];
    const renamed = rename(login, { kind: 'outcome', activity: 'byStatus', name: 'Not found' }, 'Unknown', catalogue);
    expect(targetOf(renamed, 'byStatus', 'Unknown')).toBe('userNotFound');
    expect(targetOf(renamed, 'byStatus', 'Not found')).toBeUndefined();
    const removed = setBranches(login, 'byStatus', [second!]);
    expect(targetOf(removed, 'byStatus', 'Not found')).toBeUndefined();
    expect(targetOf(removed, 'byStatus', 'Rate limited')).toBe('signIn');
    expect(setBranches(login, 'byStatus', [second!, first!])['connections']).toBe(login['connections']);
    expect(newBranch(['Branch'])['outcome']).toBe('Branch2');
  });

  it('an error event that is custom no more loses its connection', () => {
    expect(errorHandling(activity(login, 'profile')!, 'Generic HTTP Error')).toEqual({ mode: 'custom' });
    const flow = setErrorHandling(login, 'profile', 'Generic HTTP Error', 'automatic', 'Try again');
    expect(activity(flow, 'profile')!['errorHandling']).toEqual({
      'Generic HTTP Error': { mode: 'automatic', message: 'Try again' },
      'Connector Execution': 'automatic',
    });
    expect(targetOf(flow, 'profile', 'Generic HTTP Error')).toBeUndefined();
  });
});

describe('screens', () => {
  it('a button that gets another id keeps its connections', () => {
    const flow = replaceScreen(
      login,
      'sign-in',
      (item) => ({
        ...item,
        components: (item['components'] as JsonObject[]).map((c) => (c['type'] === 'Button' ? { ...c, id: 'go' } : c)),
      }),
      catalogue,
    );
    expect(targetOf(flow, 'signIn', 'go')).toBe('lookup');
    expect(targetOf(flow, 'signIn', 'submit')).toBeUndefined();
    expect(targetOf(flow, 'userNotFound', 'submit')).toBe('signIn');
  });

  it('renaming one changes who shows it', () => {
    const flow = renameScreen(login, 'sign-in', 'welcome', catalogue);
    expect(activitiesShowing(flow, 'welcome', catalogue)).toEqual(['signIn']);
    expect(names(flow, 'signIn')).toEqual(['submit']);
  });
});

describe('insert and heal', () => {
  const on = { source: 'lookup', port: 'Success' };

  it('an activity put on a connection stands between both ends', () => {
    const { flow, id } = addActivity(login, types.get('Scriptlet')!, { catalogue }, { on });
    expect(targetOf(flow, 'lookup', 'Success')).toBe(id);
    expect(targetOf(flow, id, 'Success')).toBe('profile');
    expect(positionOf(flow, id)).toBeUndefined();
  });

  it('after an activity whose outcomes all lead somewhere, it is put between too', () => {
    const { flow, id } = addActivity(login, types.get('Scriptlet')!, { catalogue }, { after: 'user' });
    expect(targetOf(flow, 'user', 'Done')).toBe(id);
    expect(targetOf(flow, id, 'Success')).toBe('claims');
  });

  it('what only leads to an end goes on before an error does; then the error is next', () => {
    const call = { id: 'call', type: 'GenericHttp', errorHandling: { 'Generic HTTP Error': 'custom' } };
    const flow = {
      start: 'call',
      activities: [call, { id: 'done', type: 'End' }],
      connections: [{ source: 'call', port: 'Success', target: 'done' }],
    };
    const user = addActivity(flow, types.get('SetUser')!, { catalogue }, { after: 'call' });
    expect(targetOf(user.flow, 'call', 'Success')).toBe(user.id);
    expect(targetOf(user.flow, user.id, 'Done')).toBe('done');
    const check = addActivity(user.flow, types.get('Condition')!, { catalogue }, { after: 'call' });
    expect(targetOf(check.flow, 'call', 'Generic HTTP Error')).toBe(check.id);
  });

  it('what is removed leaves no gap: the way goes on to where its first outcome led', () => {
    const { flow, id } = addActivity(login, types.get('Scriptlet')!, { catalogue }, { on });
    const healed = removeAndHeal(flow, [id, 'profile'], catalogue);
    expect(targetOf(healed, 'lookup', 'Success')).toBe('user');
    expect(startOf(removeAndHeal(login, ['signIn'], catalogue))).toBe('lookup');
  });

  it('a group follows the ids of its activities, and goes with the last of them', () => {
    const grouped = addGroup(login, 'Find out', ['lookup', 'profile']);
    expect(groupsOf(rename(grouped, { kind: 'activity', id: 'lookup' }, 'find', catalogue))[0]?.activities).toContain('find');
    expect(groupsOf(removeActivities(grouped, ['lookup']))).toEqual([{ title: 'Find out', activities: ['profile'] }]);
    expect(groupsOf(removeActivities(grouped, ['lookup', 'profile']))).toEqual([]);
  });

  it('places go, and what else the designer keeps stays', () => {
    const flow = addNote(addGroup(login, 'A', ['lookup']), { x: 5, y: 6 });
    const free = withoutPlaces(flow);
    expect(isAutomatic(free)).toBe(true);
    expect([notesOf(free), groupsOf(free)]).toEqual([notesOf(flow), groupsOf(flow)]);
  });
});

describe('clipboard', () => {
  it('copies activities with what joins them, under new ids', () => {
    const copy = parseCopy(copyOf(login, ['profile', 'byStatus', 'userNotFound'], catalogue))!;
    const { flow, ids } = paste(login, copy, catalogue);
    expect(ids).toEqual(['profile2', 'byStatus2', 'userNotFound2']);
    expect(targetOf(flow, 'profile2', 'Generic HTTP Error')).toBe('byStatus2');
    expect(targetOf(flow, 'profile2', 'Success')).toBeUndefined();
    expect(activity(flow, 'userNotFound2')!['screen']).toBe('user-not-found');
    // Beside the original, and over nothing.
    expect(positionOf(flow, 'profile2')!.x).toBe(positionOf(login, 'profile')!.x);
    expect(positionOf(flow, 'profile2')!.y).toBeGreaterThan(positionOf(login, 'again')!.y + 96);
  });

  it('brings a screen along into another flow, under a free id', () => {
    const copy = parseCopy(copyOf(login, ['signIn'], catalogue))!;
    const { flow, ids } = paste({ ...blankFlow('f', 'F', catalogue), screens: [{ id: 'sign-in', title: 'Another' }] }, copy, catalogue);
    expect(activity(flow, ids[0]!)!['screen']).toBe('sign-in2');
    expect(screen(flow, 'sign-in2')!['title']).toBe('Sign in');
  });

  it('paths among what is duplicated follow', () => {
    const b = { id: 'b', type: 'End', outputs: { s: '{{connectors.a.statusCode}}' } };
    const flow: JsonObject = { activities: [{ id: 'a', type: 'GenericHttp' }, b] };
    const copy = duplicate(flow, ['a', 'b'], catalogue);
    expect(activity(copy.flow, 'b2')!['outputs']).toEqual({ s: '{{connectors.a2.statusCode}}' });
    expect(activity(copy.flow, 'b')).toBe(b);
  });

  it('other text is no copy', () => {
    expect(parseCopy('hello')).toBeUndefined();
    expect(parseCopy('{"kind":"flowengine/activities"')).toBeUndefined();
  });
});

describe('history', () => {
  it('typing is one step, and undo and redo go both ways', () => {
    let history = begin('');
    history = record(history, 'a', 'Type', 0, 'name');
    history = record(history, 'ab', 'Type', 500, 'name');
    history = record(history, 'abc', 'Type', 5000, 'name');
    history = record(history, 'abc!', 'Add', 5100);
    expect(history.past.map((step) => step.state)).toEqual(['', 'ab', 'abc']);
    history = undo(undo(history));
    expect(history.present).toBe('ab');
    history = redo(history);
    expect(history.present).toBe('abc');
    history = record(history, 'x', 'Type', 5200, 'name');
    expect(history.future).toEqual([]);
    expect(undo(history).present).toBe('abc');
  });
});

describe('layout and navigation', () => {
  const laidOut = async (flow: Flow) => placesFrom(await new ELK().layout(elkGraphOf(flow, catalogue)), flow, catalogue);
  const unplaced = { ...login, designer: {} };

  it('goes from left to right, loops included, and is the same each time', async () => {
    const places = await laidOut(unplaced);
    expect(places.get('signIn')).toEqual({ x: 0, y: 0 });
    const x = (id: string) => places.get(id)!.x;
    for (const [before, after] of ['signIn lookup', 'lookup profile', 'profile user', 'profile byStatus', 'claims done'].map((pair) =>
      pair.split(' '),
    ))
      expect(x(after!)).toBeGreaterThan(x(before!));
    expect([...(await laidOut(structuredClone(unplaced)))]).toEqual([...places]);
  });

  it('the usual way is a straight line, and everything else is below it', async () => {
    const places = await laidOut(unplaced);
    const main = ['signIn', ...mainPathOf(unplaced, catalogue).map((connection) => connection.target)];
    expect(main).toEqual(['signIn', 'lookup', 'profile', 'user', 'claims', 'done']);
    expect(new Set(main.map((id) => places.get(id)!.y))).toEqual(new Set([0]));
    for (const [id, at] of places) if (!main.includes(id)) expect(at.y).toBeGreaterThan(0);
  });

  it('what the file places stays; what it does not place covers nothing', async () => {
    const designer = { signIn: { x: 7, y: 9 }, done: { x: 300, y: 20 } };
    const places = withGiven({ ...login, designer }, catalogue, await laidOut(unplaced));
    expect(places.get('signIn')).toEqual(designer.signIn);
    expect(places.get('done')).toEqual(designer.done);
    expect(places.size).toBe(9);
    const all = [...places.values()];
    for (const a of all) for (const b of all) if (a !== b) expect(Math.abs(a.x - b.x) >= 204 || Math.abs(a.y - b.y) >= 96).toBe(true);
  });

  it('arrow keys follow connections', async () => {
    const places = await laidOut(unplaced);
    expect(neighbour(login, 'signIn', 'right', places)).toBe('lookup');
    expect(neighbour(login, 'lookup', 'left', places)).toBe('signIn');
    expect(neighbour(login, 'profile', 'down', places)).toBe('byStatus');
    expect(neighbour(login, 'signIn', 'left', places)).toBeUndefined();
    expect(readingOrder(login, 'signIn', places).slice(0, 3)).toEqual(['signIn', 'lookup', 'profile']);
  });

  it('an edit of one of 500 activities shares all the others', () => {
    const items = Array.from({ length: 500 }, (_, i) => ({ id: `a${i}`, type: 'SetUser', user: { userId: 'x' } }));
    const flow = { id: 'big', start: 'a0', activities: items, connections: [] };
    const edited = setActivityMember(flow, 'a250', 'name', 'x');
    expect((edited['activities'] as unknown[]).filter((item, i) => item !== items[i])).toHaveLength(1);
    expect(edited['connections']).toBe(flow.connections);
  });
});

describe('values of rules', () => {
  it.each([
    ['404', 404],
    ['"404"', '404'],
    ['true', true],
    ['null', null],
    ['["a","b"]', ['a', 'b']],
    ['Ada', 'Ada'],
    ['{{form.email}}', '{{form.email}}'],
    ['1,2', '1,2'],
    ['007', '007'],
    ['1', 1],
    ['', ''],
  ])('%s', (entered, value) => {
    expect(valueOf(entered)).toEqual(value);
    expect(valueOf(enteredOf(value))).toEqual(value);
  });

  it('read as a line', () => {
    expect(
      ruleText({
        match: 'any',
        rules: [
          { key: 'a', operator: 'equal', value: 404 },
          { key: 'b', operator: 'empty' },
        ],
      }),
    ).toBe('(a = 404 or b empty)');
  });
});

it('the real flow files go through unchanged', () => {
  for (const name of ['login', 'password', 'account', 'orders', 'quote', 'ticket', 'customer', 'header-claims', 'signed-event']) {
    const file = JSON.parse(readFileSync(new URL(`../../../flows/${name}.flow.json`, import.meta.url), 'utf8')) as JsonObject;
    const ids = activityIds(file);
    let flow = rename(file, { kind: 'activity', id: ids[0]! }, 'temporary-id', catalogue);
    flow = rename(flow, { kind: 'activity', id: 'temporary-id' }, ids[0]!, catalogue);
    expect(JSON.stringify(flow)).toBe(JSON.stringify(file));
    for (const id of ids)
      expect(
        portsOf(file, activity(file, id)!, {
          ...catalogue,
          ends: new Map([
            ['password', ['Done', 'Locked']],
            ['customer', ['Known', 'Unknown']],
          ]),
        }).filter((port) => port.kind === 'missing'),
        `${name} ${id}`,
      ).toEqual([]);
  }
});

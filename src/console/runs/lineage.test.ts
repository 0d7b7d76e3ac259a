import { describe, expect, it } from 'vitest';
import type { Step } from '../api/types';
import { activitiesOf, lineageOf, lineageOfInput, wayBack, type Origin } from './lineage';
import { entriesOf } from './walk';

const step = (activity: string, more: Partial<Step>): Step => ({
  activity,
  type: 'Any',
  startedAt: '2030-01-01T00:00:00.000Z',
  durationMs: 1,
  ...more,
});

const login = [
  step('signIn', { output: { email: 'ada@example.com' }, writes: ['form'] }),
  step('lookup', {
    output: { first: { id: 7, tier: 'gold' } },
    writes: ['connectors.db'],
    lineage: [{ to: 'parameters.@p0', from: [{ path: 'form.email', step: 1 }], expression: '{{form.email}}' }],
  }),
  step('profile', {
    output: { headers: { 'X-Region': 'eu' } },
    writes: ['connectors.profile'],
    lineage: [
      { to: 'endpoint', from: [{ path: 'connectors.db.first.id', step: 2 }] },
      { to: 'headers.x-user-tier', from: [{ path: 'connectors.db.first.tier', step: 2 }] },
      { to: 'message', from: [{ path: 'client.never', step: 1 }], writes: 'message' },
    ],
  }),
  step('claims', {
    output: { region: 'eu', fixed: 1 },
    writes: ['claims'],
    lineage: [{ to: 'claims.region', from: [{ path: 'connectors.profile.headers.x-region', step: 3 }], writes: 'claims.region' }],
  }),
  step('done', {
    lineage: [
      { to: 'outputs.region', from: [{ path: 'claims.region', step: 4 }] },
      { to: 'outputs.fixed', from: [{ path: 'claims.fixed', step: 4 }] },
      { to: 'outputs.all', from: [{ path: 'claims', step: 4 }] },
      { to: 'outputs.tenant', from: [{ path: 'client.tenant' }] },
    ],
  }),
];

const shown = (value: unknown) => (value === undefined ? '' : `=${JSON.stringify(value)}`);

/** A way back as lines, each further back further in. */
function lines(origin: Origin, depth = 0): string[] {
  return [
    `${' '.repeat(depth)}${origin.lineage.to}${origin.isKnown ? ' (known)' : ''}`,
    ...origin.sources.flatMap((source) => [
      `${' '.repeat(depth)}< ${source.path}@${source.entry?.number ?? '-'}${shown(source.value)}`,
      ...source.origins.flatMap((inner) => lines(inner, depth + 1)),
    ]),
  ];
}

const backFrom = (trace: readonly Step[], number: string, to: string): Origin => {
  const entries = entriesOf(trace);
  const entry = entries.find((one) => one.number === number)!;
  return wayBack(entry, lineageOf(entry.step, to)!, entries);
};

describe('wayBack', () => {
  it('leads from a claim over the call and the row to what was entered', () => {
    expect(lines(backFrom(login, '4', 'claims.region'))).toEqual([
      'claims.region',
      '< connectors.profile.headers.x-region@3="eu"',
      ' endpoint',
      ' < connectors.db.first.id@2=7',
      '  parameters.@p0',
      '  < form.email@1="ada@example.com"',
      ' headers.x-user-tier',
      ' < connectors.db.first.tier@2="gold"',
      '  parameters.@p0 (known)',
      '  < form.email@1="ada@example.com"',
    ]);
  });

  it('goes on with what made the value, and not with what else a step made', () => {
    expect(lines(backFrom(login, '5', 'outputs.region')).slice(0, 4)).toEqual([
      'outputs.region',
      '< claims.region@4="eu"',
      ' claims.region',
      ' < connectors.profile.headers.x-region@3="eu"',
    ]);
    expect(lines(backFrom(login, '5', 'outputs.fixed'))).toEqual(['outputs.fixed', '< claims.fixed@4=1']);
    expect(lines(backFrom(login, '5', 'outputs.all'))[2]).toBe(' claims.region');
  });

  it('ends where no step wrote a path', () => {
    expect(lines(backFrom(login, '5', 'outputs.tenant'))).toEqual(['outputs.tenant', '< client.tenant@-']);
  });

  it('names the activities on the way', () => {
    expect([...activitiesOf(backFrom(login, '4', 'claims.region'))].sort()).toEqual(['claims', 'lookup', 'profile', 'signIn']);
  });

  it('follows items to their list, and results to the list and one of the items', () => {
    const each = [
      step('list', { output: [1], writes: ['scripts.list'] }),
      step('each', {
        writes: ['scripts.each'],
        output: { results: [{ ok: true, value: 2 }] },
        lineage: [{ to: 'items', from: [{ path: 'scripts.list', step: 1 }] }],
        children: [step('inner', { lineage: [{ to: 'arguments.n', from: [{ path: 'item', step: 2 }] }] })],
      }),
      step('done', { lineage: [{ to: 'outputs.r', from: [{ path: 'scripts.each.results[0].value', step: 2 }] }] }),
    ];
    expect(lines(backFrom(each, '2.1', 'arguments.n'))).toEqual(['arguments.n', '< item@2', ' items', ' < scripts.list@1=[1]']);
    expect(lines(backFrom(each, '3', 'outputs.r'))).toEqual([
      'outputs.r',
      '< scripts.each.results[0].value@2=2',
      ' items',
      ' < scripts.list@1=[1]',
      ' arguments.n',
      ' < item@2',
      '  items (known)',
      '  < scripts.list@1=[1]',
    ]);
  });

  it('is told by the branch that wrote a path', () => {
    const parallel = [
      step('both', {
        writes: ['scripts.a'],
        children: [step('a', { output: 1, writes: ['scripts.a'], lineage: [{ to: 'arguments.v', from: [{ path: 'client.a' }] }] })],
      }),
      step('done', { lineage: [{ to: 'outputs.a', from: [{ path: 'scripts.a', step: 1, branch: [1] }] }] }),
    ];
    expect(lines(backFrom(parallel, '2', 'outputs.a'))).toEqual(['outputs.a', '< scripts.a@1.1=1', ' arguments.v', ' < client.a@-']);
  });
});

describe('lineageOf', () => {
  const one: Step = step('end', {
    lineage: [
      { to: 'outputs.a', from: [], writes: 'scripts.sub.a' },
      { to: 'arguments.b.c', from: [] },
    ],
  });

  it('finds a value by its own name and by where it was put', () => {
    expect(lineageOf(one, 'outputs.a')?.to).toBe('outputs.a');
    expect(lineageOf(one, 'scripts.sub.a')?.to).toBe('outputs.a');
    expect(lineageOf(one, 'scripts.sub')).toBeUndefined();
  });

  it('finds a value of an input that is the value of one setting', () => {
    expect(lineageOfInput(one, ['b', 'c'])?.to).toBe('arguments.b.c');
    expect(lineageOfInput(one, ['b'])).toBeUndefined();
  });
});

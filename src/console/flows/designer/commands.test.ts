import { describe, expect, it } from 'vitest';
import { chordOf, commandOfKey, commands, inPalette, shortcuts, type Here } from './commands';

const key = (name: string, held: Partial<Parameters<typeof chordOf>[0]> = {}) =>
  chordOf({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });
const here = (state: object): Here =>
  ({ store: { getState: () => ({ readOnly: false, selection: new Set(), connection: undefined, ...state }) }, canvas: null }) as never;

describe('the commands of the designer', () => {
  it('have an id of their own, a label, and something to do unless the browser does it', () => {
    expect(new Set(commands.map((one) => one.id)).size).toBe(commands.length);
    for (const one of commands) {
      expect(one.label.trim()).toBe(one.label);
      expect(one.label).not.toBe('');
      if (!one.run) expect(one.keys).toBeDefined();
      else
        expect(
          one.keys !== undefined || [['a'], ['a', 'b']].some((ids) => inPalette(here({ selection: new Set(ids) })).includes(one)),
        ).toBe(true);
    }
  });

  it('share no key', () => {
    const all = commands.flatMap((one) => one.keys ?? []);
    expect(new Set(all).size).toBe(all.length);
    for (const one of commands) for (const chord of one.keys ?? []) expect(commandOfKey(chord)).toBe(one);
  });

  it('are all told of in help that have a key, each once', () => {
    const told = shortcuts().flatMap(([, rows]) => rows);
    expect(told.map(([, label]) => label).sort()).toEqual(
      commands
        .filter((one) => one.keys)
        .map((one) => one.label)
        .sort(),
    );
    expect(new Set(told.map(([keys]) => keys)).size).toBe(told.length);
    expect(Object.fromEntries(told)).toMatchObject({
      '← → ↑ ↓': 'Along connections, or to the nearest activity',
      'Alt ← → ↑ ↓': 'Move what is chosen',
      'Ctrl Y, Ctrl Shift Z': 'Redo',
      '?': 'Keyboard shortcuts',
    });
  });

  it('that change the flow are not for who may only look', () => {
    const mine = inPalette(here({ readOnly: true, selection: new Set(['a']) }));
    expect(mine.map((one) => one.id)).not.toContain('publish');
    expect(mine.filter((one) => one.edits)).toEqual([]);
    expect(mine.map((one) => one.id)).toContain('versions');
  });

  it('that need something chosen are offered only then', () => {
    const ids = (state: object) => inPalette(here(state)).map((one) => one.id);
    expect(ids({})).not.toContain('duplicate');
    expect(ids({ selection: new Set(['a']) })).toEqual(expect.arrayContaining(['duplicate', 'remove', 'connect']));
    expect(ids({ selection: new Set(['a', 'b']) })).not.toContain('connect');
    expect(ids({ connection: 'a\nx' })).toContain('remove');
  });
});

describe('a key', () => {
  it.each([
    [key('z', { ctrlKey: true }), 'undo'],
    [key('Z', { ctrlKey: true, shiftKey: true }), 'redo'],
    [key('s', { metaKey: true }), 'save'],
    [key('?', { shiftKey: true }), 'help'],
    [key('a'), 'add'],
    [key('A', { shiftKey: true }), 'add'],
    [key(' '), 'choose'],
    [key('1'), 'fit'],
    [key('ArrowLeft', { shiftKey: true }), 'walk'],
    [key('ArrowLeft', { altKey: true }), 'nudge'],
    [key('F6', { shiftKey: true }), 'part'],
    [key('Tab', { shiftKey: true }), 'step'],
  ])('%s is that of %s', (chord, id) => expect(commandOfKey(chord)?.id).toBe(id));

  it('with something else held is another', () => {
    expect(commandOfKey(key('a', { altKey: true }))).toBeUndefined();
    expect(commandOfKey(key('z', { ctrlKey: true, altKey: true }))).toBeUndefined();
    expect(commandOfKey(key('q'))).toBeUndefined();
  });
});

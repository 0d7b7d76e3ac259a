import type { CanvasHandle } from '../../canvas/FlowCanvas';
import { activity, activityIds, startOf } from '../../graph/flow';
import { neighbour, readingOrder, type Direction } from '../../graph/navigate';
import { align, duplicateSelected, group, note, nudge, openScreen, removeSelected, type DesignerStore } from './store';

/** What a command works on. */
export interface Here {
  store: DesignerStore;
  canvas: CanvasHandle | null;
  /** The activity that has the focus on the canvas. */
  node?: string | undefined;
  /** Whether the focus is on the canvas. */
  onCanvas?: boolean;
  go: { arrange: () => void; save: () => void; versions: () => void; part: (by: number) => void };
}

/**
 * Where the keys of a command work: anywhere in the designer, also while somebody types; on its page, where nobody types; where the flow is
 * shown; or on the canvas alone, so that nobody's typing is taken away.
 */
export type Where = 'anywhere' | 'page' | 'flow' | 'canvas';

export interface Command {
  id: string;
  label: string;
  /** What a menu at the thing itself calls it. */
  short?: string;
  group: 'Edit' | 'Show' | 'Flow' | 'Move';
  /** As `chordOf` writes them; the first is what menus show. */
  keys?: readonly string[];
  where: Where;
  /** It changes the flow: who may only look does not have it. */
  edits?: boolean;
  /** Whether there is something to do; always where it does not say. */
  isEnabled?: (here: Here) => boolean;
  /** What it does with the key that was pressed; false where that key goes on to mean what it always does. Without one the browser does it. */
  run?: (here: Here, key: string) => boolean | void;
}

const chosen = ({ store }: Here): number => store.getState().selection.size;
const show = (here: Here, part: Parameters<ReturnType<DesignerStore['getState']>['set']>[0]) => here.store.getState().set(part);
/** The activity that a key of the canvas is meant for becomes the chosen one. */
const chooseFocused = ({ store, node }: Here): void => {
  if (node) store.getState().select([node]);
};

const arrows: Record<string, [Direction, number, number]> = {
  ArrowLeft: ['left', -1, 0],
  ArrowRight: ['right', 1, 0],
  ArrowUp: ['up', 0, -1],
  ArrowDown: ['down', 0, 1],
};
const arrowOf = (key: string) => arrows[key.split(' ').at(-1)!]!;

/** Everything the designer can do: what keys, command palette, help and menus read. */
export const commands: readonly Command[] = [
  {
    id: 'step',
    label: 'Next and previous activity',
    group: 'Move',
    keys: ['Tab', 'Shift Tab'],
    where: 'canvas',
    run: (here, key) => {
      const { node, store } = here;
      if (!node) return false;
      const { flow, places } = store.getState();
      const order = readingOrder(flow, startOf(flow), places);
      const next = order[order.indexOf(node) + (key === 'Tab' ? 1 : -1)];
      // After the last one the focus goes on to what follows the canvas.
      if (next === undefined) return false;
      // What is chosen stays: the inspector, further on, is still that of who came from there.
      here.canvas?.focus(next);
    },
  },
  {
    id: 'walk',
    label: 'Along connections, or to the nearest activity',
    group: 'Move',
    keys: Object.keys(arrows).flatMap((key) => [key, `Shift ${key}`]),
    where: 'canvas',
    run: (here, key) => {
      const { flow, places } = here.store.getState();
      const at = focusedOf(here);
      goTo(here, at ? neighbour(flow, at, arrowOf(key)[0], places) : startOf(flow), key.startsWith('Shift'));
    },
  },
  {
    id: 'settings-of',
    label: 'Go to the settings of the activity',
    group: 'Move',
    keys: ['Enter'],
    where: 'canvas',
    run: (here) => {
      if (!here.node) return false;
      chooseFocused(here);
      show(here, { side: 'inspector', isSideOpen: true });
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-region="side"] input, [data-region="side"] select')?.focus());
    },
  },
  {
    id: 'choose',
    label: 'Choose, or choose one more',
    group: 'Move',
    keys: ['Space', 'Shift Space'],
    where: 'canvas',
    run: ({ store, node }) => {
      if (!node) return false;
      const next = new Set(store.getState().selection);
      if (!next.delete(node)) next.add(node);
      store.getState().select(next);
    },
  },
  {
    id: 'add',
    label: 'Add an activity after the chosen one',
    short: 'Add activity',
    group: 'Edit',
    keys: ['A'],
    where: 'canvas',
    edits: true,
    run: (here) => {
      chooseFocused(here);
      show(here, { area: 'flow', dialog: 'add', spot: undefined });
    },
  },
  {
    id: 'connect',
    label: 'Connect port…',
    group: 'Edit',
    keys: ['C'],
    where: 'canvas',
    edits: true,
    isEnabled: (here) => chosen(here) === 1 || here.node !== undefined,
    run: (here) => {
      chooseFocused(here);
      if (chosen(here) === 1) show(here, { dialog: 'connect' });
    },
  },
  {
    id: 'nudge',
    label: 'Move what is chosen',
    group: 'Move',
    keys: Object.keys(arrows).flatMap((key) => [`Alt ${key}`, `Alt Shift ${key}`]),
    where: 'canvas',
    edits: true,
    run: (here, key) => {
      if (chosen(here) === 0) chooseFocused(here);
      const [, x, y] = arrowOf(key);
      nudge(here.store, x * 24, y * 24);
    },
  },
  {
    id: 'remove',
    label: 'Remove the selection',
    short: 'Remove',
    group: 'Edit',
    keys: ['Delete', 'Backspace'],
    where: 'canvas',
    edits: true,
    isEnabled: (here) => chosen(here) > 0 || here.node !== undefined || here.store.getState().connection !== undefined,
    run: (here) => {
      const { store, node, canvas } = here;
      const { flow, places, connection } = store.getState();
      const at = focusedOf(here);
      const near = at && (neighbour(flow, at, 'left', places) ?? neighbour(flow, at, 'right', places));
      if (chosen(here) === 0 && connection === undefined) chooseFocused(here);
      removeSelected(store);
      if (node && near && activityIds(store.getState().flow).includes(near)) canvas?.focus(near);
    },
  },
  { id: 'fit', label: 'Show everything', group: 'Show', keys: ['1'], where: 'canvas', run: ({ canvas }) => canvas?.fit() },
  { id: 'undo', label: 'Undo', group: 'Edit', keys: ['Ctrl Z'], where: 'page', edits: true, run: ({ store }) => store.getState().undo() },
  {
    id: 'redo',
    label: 'Redo',
    group: 'Edit',
    keys: ['Ctrl Y', 'Ctrl Shift Z'],
    where: 'page',
    edits: true,
    run: ({ store }) => store.getState().redo(),
  },
  // The browser's own clipboard events: no permission is asked for, and activities go from flow to flow as text.
  { id: 'copy', label: 'Copy activities, also to other flows', group: 'Edit', keys: ['Ctrl C'], where: 'flow' },
  { id: 'cut', label: 'Cut activities', group: 'Edit', keys: ['Ctrl X'], where: 'flow' },
  { id: 'paste', label: 'Paste activities', group: 'Edit', keys: ['Ctrl V'], where: 'flow' },
  {
    id: 'duplicate',
    label: 'Duplicate the selection',
    short: 'Duplicate',
    group: 'Edit',
    keys: ['Ctrl D'],
    where: 'flow',
    edits: true,
    isEnabled: (here) => chosen(here) > 0,
    run: ({ store }) => duplicateSelected(store),
  },
  {
    id: 'all',
    label: 'Choose everything',
    group: 'Edit',
    keys: ['Ctrl A'],
    where: 'flow',
    run: ({ store }) => {
      store.getState().select(activityIds(store.getState().flow));
      store.getState().announce('Everything chosen');
    },
  },
  ...(
    [
      ['left', 'Align at the left'],
      ['top', 'Align at the top'],
      ['row', 'Put in a row'],
      ['column', 'Put in a column'],
    ] as const
  ).map(
    ([how, label]): Command => ({
      id: `align-${how}`,
      label,
      group: 'Edit',
      where: 'flow',
      edits: true,
      isEnabled: (here) => chosen(here) > 1,
      run: ({ store }) => align(store, how),
    }),
  ),
  {
    id: 'group',
    label: 'Group the selection',
    short: 'Group',
    group: 'Edit',
    keys: ['Ctrl G'],
    where: 'flow',
    edits: true,
    isEnabled: (here) => chosen(here) > 0,
    run: ({ store }) => group(store),
  },
  {
    id: 'note',
    label: 'Add a note',
    group: 'Edit',
    keys: ['N'],
    where: 'canvas',
    edits: true,
    run: ({ store, canvas }) => {
      if (canvas) note(store, canvas.centre());
    },
  },
  { id: 'arrange', label: 'Arrange the flow', group: 'Edit', where: 'page', edits: true, run: ({ go }) => go.arrange() },
  {
    id: 'try',
    label: 'Try the flow',
    group: 'Flow',
    where: 'page',
    edits: true,
    run: (here) => show(here, { side: 'try', isSideOpen: true }),
  },
  {
    id: 'whatIf',
    label: 'What if it fails? Where people end up',
    short: 'What if',
    group: 'Flow',
    where: 'page',
    edits: true,
    run: (here) => show(here, { side: 'whatIf', isSideOpen: true }),
  },
  { id: 'save', label: 'Save now', group: 'Flow', keys: ['Ctrl S'], where: 'anywhere', run: ({ go }) => go.save() },
  { id: 'publish', label: 'Publish', group: 'Flow', where: 'page', edits: true, run: (here) => show(here, { dialog: 'publish' }) },
  { id: 'problems', label: 'Show the problems', group: 'Show', where: 'page', run: (here) => show(here, { showProblems: true }) },
  {
    id: 'screens',
    label: 'Show the screens',
    group: 'Show',
    where: 'page',
    run: ({ store }) => openScreen(store, undefined),
  },
  { id: 'flow', label: 'Show the flow', group: 'Show', where: 'page', run: (here) => show(here, { area: 'flow' }) },
  { id: 'settings', label: 'Flow settings', group: 'Flow', where: 'page', run: (here) => show(here, { dialog: 'settings' }) },
  { id: 'versions', label: 'Versions', group: 'Flow', where: 'page', run: ({ go }) => go.versions() },
  {
    id: 'commands',
    label: 'All commands, every activity, and what stands in settings and screens',
    short: 'All commands',
    group: 'Show',
    keys: ['Ctrl K'],
    where: 'anywhere',
    run: (here) => show(here, { dialog: 'commands' }),
  },
  {
    id: 'part',
    label: 'Next and previous part: palette, canvas, inspector',
    group: 'Move',
    keys: ['F6', 'Shift F6'],
    where: 'anywhere',
    run: ({ go }, key) => go.part(key === 'F6' ? 1 : -1),
  },
  {
    id: 'back',
    label: 'Back to the canvas; choose nothing',
    group: 'Move',
    keys: ['Escape'],
    where: 'flow',
    run: ({ store, canvas, onCanvas }) => {
      const { selection, flow, select, set } = store.getState();
      if (!onCanvas) canvas?.focus([...selection][0] ?? startOf(flow));
      else {
        select([]);
        set({ connection: undefined });
      }
    },
  },
  {
    id: 'help',
    label: 'Keyboard shortcuts',
    group: 'Show',
    keys: ['?'],
    where: 'page',
    run: (here) => show(here, { dialog: 'shortcuts' }),
  },
];

export const command = (id: string): Command => commands.find((one) => one.id === id)!;

const focusedOf = ({ store, node }: Here): string | undefined => node ?? [...store.getState().selection].at(-1);

function goTo({ store, canvas }: Here, id: string | undefined, isMore = false): void {
  if (!id || !activity(store.getState().flow, id)) return;
  const { select, selection } = store.getState();
  select(isMore ? [...selection, id] : [id]);
  canvas?.focus(id);
}

/** Whether a command can be given now. */
export const isAvailable = (one: Command, here: Here): boolean =>
  !(one.edits && here.store.getState().readOnly) && (one.isEnabled?.(here) ?? true);

/** What the palette offers: what has a name to search for, and not what only moves the focus. */
export const inPalette = (here: Here): Command[] =>
  commands.filter((one) => one.run && one.group !== 'Move' && one.id !== 'commands' && isAvailable(one, here));

/** A key with what is held beside it, as commands name it: "Ctrl Shift Z", "Alt ArrowLeft", "?". */
export function chordOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const isSign = event.key.length === 1 && !/[a-z0-9 ]/i.test(event.key);
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const withControl = event.ctrlKey || event.metaKey;
  // A letter alone is the same with and without Shift; a sign has it in itself.
  const withShift = event.shiftKey && !isSign && (event.key.length > 1 || event.key === ' ' || withControl);
  return [withControl && 'Ctrl', event.altKey && 'Alt', withShift && 'Shift', key].filter(Boolean).join(' ');
}

const byKey = new Map(commands.flatMap((one) => (one.keys ?? []).map((key) => [key, one] as const)));

/** The command of a key; undefined for none. */
export const commandOfKey = (chord: string): Command | undefined => byKey.get(chord);

const signs: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' };

/** A key as people read it. */
export const keyText = (chord: string): string =>
  chord
    .split(' ')
    .map((key) => signs[key] ?? key)
    .join(' ');

/** The keys of a command as help says them: four arrows are one, and what Shift adds to them stands elsewhere. */
function keysText({ keys = [] }: Command): string {
  const arrow = keys.find((key) => key.endsWith('ArrowLeft'));
  if (arrow) return [...arrow.split(' ').slice(0, -1), '←', '→', '↑', '↓'].join(' ');
  return keys
    .filter((key) => key !== 'Shift Space')
    .map(keyText)
    .join(', ');
}

/** Help: the keys by where they work. */
export const shortcuts = (): [string, [string, string][]][] => {
  const rows = (isWanted: (where: Where) => boolean) =>
    commands.filter((one) => one.keys && isWanted(one.where)).map((one): [string, string] => [keysText(one), one.label]);
  return [
    ['On the canvas', rows((where) => where === 'canvas')],
    ['Everywhere in the designer', rows((where) => where !== 'canvas')],
  ];
};

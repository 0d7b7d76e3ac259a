import type { Since } from './numbers';
import { createContext, useContext } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import { aligned, type Alignment } from '../../graph/align';
import { copyOf, duplicate, parseCopy, paste } from '../../graph/clipboard';
import { addActivity, type Known, type Spot } from '../../graph/create';
import { disconnect, moveActivities, repairIds, withoutPlaces } from '../../graph/edit';
import { activities, activity, positionOf, screens, type Flow, type Position } from '../../graph/flow';
import { accompany, begin, record, redo, undo, type Effect, type History } from '../../graph/history';
import { text } from '../../graph/json';
import { addGroup, addNote } from '../../graph/notes';
import { nodeWidth, sizeOf } from '../../graph/size';
import { isAutomatic } from '../../graph/layout';
import type { Catalogue } from '../../graph/ports';
import type { Problem } from '../../graph/problems';
import { removeActivitiesAsking, type Asked } from './renames';
import type { SaveState, StoredDraft } from './draftSaver';
import type { Usual } from './whatIf';
import type { ActivityType, JsonObject, RunDetail, StretchWait } from '../../api/types';

/** What fills the middle: the canvas, or the editor of the flow's screens. */
export type Area = 'flow' | 'screens';
/** What stands at the right. */
export type Side = 'inspector' | 'try' | 'whatIf';
export type DialogName = 'publish' | 'settings' | 'shortcuts' | 'commands' | 'connect' | 'add' | 'discard';

/** What a try lights up on the canvas: its steps as a run has them. */
export type TryPath = Pick<RunDetail, 'status' | 'screen' | 'trace' | 'updatedAt'>;

export interface Designer {
  readonly flowId: string;
  history: History<Flow>;
  /** The flow as it is now: history.present. */
  flow: Flow;
  /** Where the activities are drawn. */
  places: ReadonlyMap<string, Position>;
  /** The activity types, without what other flows add. */
  catalogue: Catalogue;
  readOnly: boolean;
  selection: ReadonlySet<string>;
  connection: string | undefined;
  /** The activity that was just added, until another is chosen: what it still needs is not held against it. */
  fresh: string | undefined;
  /** What the inspector shows, whatever it is called meanwhile: it stays the same when the activity gets another id. */
  subject: string | undefined;
  area: Area;
  side: Side;
  isSideOpen: boolean;
  screenId: string | undefined;
  component: number | undefined;
  dialog: DialogName | undefined;
  /** Where what is chosen in the palette's dialog goes, when it was opened at an outcome, a connection or a place. */
  spot: AddSpot | undefined;
  /** What a person has to say before a change goes on. */
  asked: Asked | undefined;
  showProblems: boolean;
  problems: Problem[];
  /** How long a person may wait from each screen to the next; none while there are errors. */
  waits: StretchWait[];
  /** Whether the problems are those of the flow as it is now. */
  isChecked: boolean;
  save: SaveState;
  /** The way of the last try, or of what happens when something fails. */
  tryPath: TryPath | undefined;
  /** The time whose numbers stand at the outcomes; undefined for none. */
  since: Since | undefined;
  /** The last try as a case. */
  tryCase: Usual | undefined;
  /** What the last try found, for previews of screens. */
  tryContext: JsonObject | undefined;
  /** What was just taken from the server: it need not be saved. */
  quiet: Flow | undefined;
  /** Says what happened to those who do not see it. */
  announcement: string;

  /** Changes the flow; steps of the same group that follow closely are undone together. */
  apply: (label: string, change: (flow: Flow) => Flow, group?: string) => void;
  undo: () => void;
  redo: () => void;
  /** Ties what happens outside of this flow to its last change. */
  accompany: (effect: Effect) => void;
  /** Puts what the server has in place of the flow. */
  take: (flow: Flow, label: string) => void;
  select: (ids: Iterable<string>) => void;
  set: (state: Partial<Designer>) => void;
  announce: (words: string) => void;
}

/** On a connection or behind an outcome, perhaps at a place; or at a place alone. */
export interface AddSpot {
  on?: { source: string; port: string };
  at?: Position;
}

export type DesignerStore = StoreApi<Designer>;

/** A flow ready for the canvas: every activity has an id of its own. */
export function prepared(flow: Flow): { flow: Flow; repaired: string[] } {
  const { flow: whole, changed } = repairIds(flow);
  return { flow: whole, repaired: changed };
}

/** The flow with the places that its activities are drawn at: when a person gives one a place, the others stay where they are. */
export function placed(store: DesignerStore, flow: Flow): Flow {
  const missing = [...store.getState().places].filter(([id]) => activity(flow, id) && !positionOf(flow, id));
  return moveActivities(flow, new Map(missing));
}

export function createDesigner(flowId: string, flow: Flow, catalogue: Catalogue, readOnly: boolean): DesignerStore {
  const history = begin(flow);
  return createStore<Designer>()((set, get) => {
    const become = (next: History<Flow>) => {
      if (next === get().history) return;
      const selection = new Set([...get().selection].filter((id) => activity(next.present, id)));
      set({ history: next, flow: next.present, isChecked: false, ...(selection.size !== get().selection.size && { selection }) });
    };
    return {
      flowId,
      history,
      flow,
      places: new Map(),
      catalogue,
      readOnly,
      selection: new Set(),
      connection: undefined,
      fresh: undefined,
      subject: undefined,
      area: 'flow',
      side: 'inspector',
      isSideOpen: false,
      screenId: undefined,
      component: undefined,
      dialog: undefined,
      spot: undefined,
      asked: undefined,
      showProblems: false,
      problems: [],
      waits: [],
      isChecked: false,
      save: { kind: 'saved' },
      tryPath: undefined,
      since: undefined,
      tryCase: undefined,
      tryContext: undefined,
      quiet: undefined,
      announcement: '',
      apply: (label, change, group) => {
        if (!get().readOnly) become(record(get().history, change(get().flow), label, Date.now(), group));
      },
      undo: () => {
        const step = get().history.past.at(-1);
        const label = step?.label;
        become(undo(get().history));
        step?.effect?.undo();
        if (label) get().announce(`Undone: ${label}`);
      },
      redo: () => {
        const step = get().history.future[0];
        const label = step?.label;
        become(redo(get().history));
        step?.effect?.redo();
        if (label) get().announce(`Done again: ${label}`);
      },
      accompany: (effect) => set({ history: accompany(get().history, effect) }),
      take: (next, label) => {
        const quiet = prepared(next).flow;
        set({ quiet });
        become(record(get().history, quiet, label, Date.now()));
      },
      select: (ids) => {
        const selection = new Set(ids);
        const old = get().selection;
        if (selection.size === old.size && [...selection].every((id) => old.has(id))) return;
        set({
          selection,
          ...(!selection.has(get().fresh ?? '') && { fresh: undefined }),
          subject: selection.size === 1 ? [...selection][0] : undefined,
          ...(selection.size > 0 && { connection: undefined }),
        });
      },
      set: (state) => set(state),
      // The same words again are said again.
      announce: (words) => set({ announcement: get().announcement === words ? `${words}\u00a0` : words }),
    };
  });
}

// What menus, keys and the palette do

/** Adds an activity where a person wants it: at an outcome, on a connection, at a place; or after the one that is chosen. */
export function add(store: DesignerStore, type: ActivityType, known: Known, { on, at }: AddSpot = {}): string {
  const { flow, places, selection, apply, select, announce } = store.getState();
  const after = on || at ? undefined : selection.size === 1 ? [...selection][0] : undefined;
  // Where nobody has given anything a place, what is joined finds its own.
  const isFree = isAutomatic(flow) && !at && (on !== undefined || after !== undefined);
  const positions = isFree ? {} : { positions: places };
  const spot: Spot = on ? { on, at, ...positions } : after !== undefined ? { after, ...positions } : { at: at ?? below(places) };
  const added = addActivity(isFree ? flow : placed(store, flow), type, known, spot);
  apply(`Add ${type.type}`, () => added.flow);
  select([added.id]);
  store.getState().set({ area: 'flow', side: 'inspector', isSideOpen: true, fresh: added.id, spot: undefined });
  announce(`${added.id}, ${type.type}, added${after ? ` after ${after}` : on ? ` at ${on.port} of ${on.source}` : ''}`);
  return added.id;
}

function below(all: ReadonlyMap<string, Position>): Position {
  const places = [...all.values()];
  return places.length === 0
    ? { x: 0, y: 0 }
    : { x: Math.max(...places.map((place) => place.x)) + nodeWidth + 72, y: Math.min(...places.map((place) => place.y)) };
}

export function removeSelected(store: DesignerStore): void {
  const { selection, connection, apply, select, set, announce } = store.getState();
  if (connection !== undefined) {
    const [source, port] = connection.split('\n') as [string, string];
    apply(`Remove the connection ${port} of ${source}`, (flow) => disconnect(flow, source, port));
    set({ connection: undefined });
    announce(`Connection ${port} of ${source} removed`);
  } else if (selection.size > 0) {
    const ids = [...selection];
    removeActivitiesAsking(store, ids, listed(ids), () => {
      select([]);
      announce(`${listed(ids)} removed`);
    });
  }
}

export function duplicateSelected(store: DesignerStore): void {
  const { flow, selection, catalogue, apply, select, announce } = store.getState();
  if (selection.size === 0) return;
  const copy = duplicate(placed(store, flow), selection, catalogue);
  apply(`Duplicate ${listed([...selection])}`, () => copy.flow);
  select(copy.ids);
  announce(`${listed(copy.ids)} added`);
}

export const copySelected = (store: DesignerStore): string | undefined => {
  const { flow, places, selection, catalogue } = store.getState();
  return selection.size > 0 ? copyOf(flow, selection, catalogue, places) : undefined;
};

/** Pastes activities; false when the text holds none. */
export function pasteText(store: DesignerStore, clipboard: string, at?: Position): boolean {
  const copy = parseCopy(clipboard);
  if (!copy) return false;
  const { flow, catalogue, apply, select, announce } = store.getState();
  const pasted = paste(placed(store, flow), copy, catalogue, at);
  apply(`Paste ${listed(pasted.ids)}`, () => pasted.flow);
  select(pasted.ids);
  announce(`${listed(pasted.ids)} pasted`);
  return true;
}

export function nudge(store: DesignerStore, dx: number, dy: number): void {
  const { places, selection, apply } = store.getState();
  const moved = new Map(
    [...selection].flatMap((id) => (places.has(id) ? [[id, { x: places.get(id)!.x + dx, y: places.get(id)!.y + dy }] as const] : [])),
  );
  apply(`Move ${listed([...selection])}`, (before) => moveActivities(placed(store, before), moved), 'nudge');
}

/** Brings the chosen activities in line. */
export function align(store: DesignerStore, how: Alignment): void {
  const { flow, places, selection, catalogue, apply, announce } = store.getState();
  const heights = new Map(activities(flow).map((item) => [text(item['id']), sizeOf(flow, item, catalogue).height]));
  const moved = aligned(places, heights, selection, how);
  apply(`Align ${listed([...selection])}`, (before) => moveActivities(placed(store, before), moved));
  announce(`${listed([...selection])} aligned`);
}

/** Puts the chosen activities under a title, which a person then gives. */
export function group(store: DesignerStore): void {
  const { selection, apply, announce } = store.getState();
  const ids = [...selection];
  apply(`Group ${listed(ids)}`, (flow) => addGroup(flow, '', ids));
  announce(`${listed(ids)} grouped`);
}

/** Puts an empty note somewhere. */
export const note = (store: DesignerStore, at: Position): void => store.getState().apply('Add a note', (flow) => addNote(flow, at));

/** Takes back the places that people gave: the flow is laid out anew, and with each change. */
export const arrange = (store: DesignerStore): void => store.getState().apply('Arrange the flow', withoutPlaces);

export function openScreen(store: DesignerStore, id: string | undefined): void {
  const { flow, set } = store.getState();
  set({ area: 'screens', screenId: id ?? text(screens(flow)[0]?.['id']), component: undefined, connection: undefined });
}

export const listed = (ids: readonly string[]): string => (ids.length <= 3 ? ids.join(', ') : `${ids.length} activities`);

export type { StoredDraft };

// The store of the open flow, for the designer's parts

export const DesignerContext = createContext<DesignerStore | undefined>(undefined);

export function useDesignerStore(): DesignerStore {
  const store = useContext(DesignerContext);
  if (!store) throw new Error('Only inside the designer.');
  return store;
}

export const useDesigner = <T>(select: (state: Designer) => T): T => useStore(useDesignerStore(), select);

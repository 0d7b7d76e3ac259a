import { api, ApiError } from '../../api/client';
import type { FlowDetail, FlowHead } from '../../api/types';
import { removeAndHeal } from '../../graph/edit';
import type { Flow } from '../../graph/flow';
import {
  orphans,
  othersWriting,
  pathOfNamed,
  rename,
  renameShared,
  usesOf,
  usesOfShared,
  type Named,
  type Shared,
  type Use,
} from '../../graph/names';
import { pathOf } from '../../graph/contextPath';
import { toast, toastError } from '../../ui';
import { openScreen, type DesignerStore } from './store';

/** What a person is asked before something is renamed or taken away. */
export type Asked =
  | { kind: 'rename'; named: Named; to: string; others: string[] }
  | { kind: 'remove'; what: string; uses: Use[]; go: () => void }
  | { kind: 'callers'; shared: Shared; to: string; callers: Caller[] };

/** Another flow that names something of this one. */
export interface Caller {
  id: string;
  definition: Flow;
  revision: number | null;
  uses: Use[];
}

const nameOf = (named: Named): string =>
  named.kind === 'activity'
    ? named.id
    : named.kind === 'contextKey'
      ? named.activity
      : named.kind === 'member'
        ? pathOf(named.path)
        : named.name;

/** Renames something with all that names it. Where others write the same, the person says whether they follow. */
export function renameNamed(store: DesignerStore, named: Named, to: string): void {
  const { flow, catalogue, set } = store.getState();
  const others = named.kind === 'activity' ? [] : othersWriting(flow, named, catalogue);
  if (others.length > 0) set({ asked: { kind: 'rename', named, to, others } });
  else applyRename(store, named, to, named.kind !== 'activity');
}

export function applyRename(store: DesignerStore, named: Named, to: string, everywhere: boolean): void {
  const { flow, catalogue, apply, announce, set, selection, subject } = store.getState();
  const path = pathOfNamed(flow, named, catalogue);
  const isShared = !everywhere && othersWriting(flow, named, catalogue).length > 0;
  const count = path && !isShared ? usesOf(flow, [path], catalogue).length : 0;
  apply(`Rename ${nameOf(named)} to ${to}`, (before) => rename(before, named, to, catalogue, everywhere));
  if (named.kind === 'activity' && selection.has(named.id))
    set({ selection: new Set([...selection].map((id) => (id === named.id ? to : id))), subject });
  const words =
    path && count > 0
      ? `${pathOf(path)} is ${pathOf([...path.slice(0, -1), to])} now, in ${count === 1 ? 'the one place that reads' : `all ${count} places that read`} it.`
      : `Renamed to ${to}.`;
  if (count > 0) toast(words);
  announce(words);
}

/** Takes something away; before what others still read goes, the person sees who. */
export function removeNamed(store: DesignerStore, what: string, label: string, change: (flow: Flow) => Flow, then?: () => void): void {
  const { flow, catalogue, apply, set, readOnly } = store.getState();
  if (readOnly) return;
  const uses = orphans(flow, change(flow), catalogue);
  const go = () => {
    apply(label, change);
    then?.();
  };
  if (uses.length > 0) set({ asked: { kind: 'remove', what, uses, go } });
  else go();
}

/** The same for chosen activities: what led to them goes on to what followed. */
export const removeActivitiesAsking = (store: DesignerStore, ids: readonly string[], what: string, then: () => void): void =>
  removeNamed(store, what, `Remove ${what}`, (flow) => removeAndHeal(flow, ids, store.getState().catalogue), then);

/** Looks which other flows call this one and name what has another name now, and asks whether their drafts follow. */
export async function askCallers(store: DesignerStore, flows: readonly FlowHead[], shared: Shared, to: string): Promise<void> {
  const { flowId, catalogue, set } = store.getState();
  try {
    const found = await Promise.all(
      flows
        .filter((head) => head.id !== flowId)
        .map(async ({ id }): Promise<Caller[]> => {
          const detail = await api.get<FlowDetail>(`/api/flows/${encodeURIComponent(id)}`);
          const definition = detail.draft?.definition ?? detail.published?.definition;
          const uses = definition ? usesOfShared(definition, flowId, shared, catalogue) : [];
          return definition && uses.length > 0 ? [{ id, definition, revision: detail.draft?.revision ?? null, uses }] : [];
        }),
    );
    const callers = found.flat();
    if (callers.length > 0) set({ asked: { kind: 'callers', shared, to, callers } });
  } catch (error) {
    toastError(error);
  }
}

/** Changes the drafts of the flows that call this one. Undo and redo of the renaming take them along. */
export async function followInCallers(store: DesignerStore, { shared, to, callers }: Extract<Asked, { kind: 'callers' }>): Promise<void> {
  await changeDrafts(
    store,
    callers.map((caller) => caller.id),
    shared,
    to,
  );
  const back: Shared = { ...shared, name: to };
  store.getState().accompany({
    undo: () =>
      void changeDrafts(
        store,
        callers.map((caller) => caller.id),
        back,
        shared.name,
      ),
    redo: () =>
      void changeDrafts(
        store,
        callers.map((caller) => caller.id),
        shared,
        to,
      ),
  });
}

async function changeDrafts(store: DesignerStore, ids: readonly string[], shared: Shared, to: string): Promise<void> {
  const { flowId, catalogue } = store.getState();
  const done: string[] = [];
  for (const id of ids) {
    try {
      const path = `/api/flows/${encodeURIComponent(id)}`;
      const { draft, published } = await api.get<FlowDetail>(path);
      const definition = draft?.definition ?? published?.definition;
      const next = definition && renameShared(definition, flowId, shared, to, catalogue);
      if (!next || next === definition) continue;
      await api.put(`${path}/draft`, { definition: next, revision: draft?.revision ?? null });
      done.push(id);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409)
        toast(`The draft of ${id} was changed at the same moment; it still says ${shared.name}.`, 'danger');
      else toastError(error);
    }
  }
  if (done.length === 1) toast(`The draft of ${done[0]} says ${to} now. Publish it together with this flow.`);
  if (done.length > 1) toast(`The drafts of ${done.join(', ')} say ${to} now. Publish them together with this flow.`);
}

/** Leads to a place: a screen's component, or an activity. */
export function showPlace(
  store: DesignerStore,
  place: { activity?: string; screen?: string; component?: number },
  focus: (activity: string) => void,
): void {
  if (place.screen) {
    openScreen(store, place.screen);
    store.getState().set({ component: place.component });
  } else if (place.activity) {
    store.getState().set({ area: 'flow', side: 'inspector', isSideOpen: true });
    store.getState().select([place.activity]);
    focus(place.activity);
  } else store.getState().set({ dialog: 'settings' });
}

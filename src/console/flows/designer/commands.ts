import type { DesignerStore } from './store';
import { add, duplicateSelected, openScreen, removeSelected } from './store';
import { textsOf } from '../../graph/search';
import type { KnownThings } from './known';
import { showPlace } from './renames';

export interface Command {
  label: string;
  group: 'Add' | 'Edit' | 'Show' | 'Go to' | 'Flow' | 'Found' | 'Page';
  shortcut?: string;
  /** A longer text that is searched: what stands in a setting or a screen. */
  text?: string;
  run: () => void;
}

/** Everything the designer can do, for the command palette. */
export function commandsOf(
  store: DesignerStore,
  known: KnownThings,
  go: {
    to: (path: string) => void;
    focus: (id: string) => void;
    arrange: () => void;
    fit: () => void;
    versions: () => void;
    save: () => void;
  },
): Command[] {
  const { flow, selection, readOnly, set, undo, redo, catalogue } = store.getState();
  const ids = (Array.isArray(flow['activities']) ? flow['activities'] : []).flatMap((item) =>
    item && typeof item === 'object' && 'id' in item ? [`${String(item['id'])}\n${String((item as { type?: unknown }).type)}`] : [],
  );
  const editing: Command[] = readOnly
    ? []
    : [
        ...known.types.map(
          (type): Command => ({
            label: `Add ${type.type}`,
            group: 'Add',
            run: () => go.focus(add(store, type, { catalogue, connectors: known.connectors })),
          }),
        ),
        { label: 'Undo', group: 'Edit', shortcut: 'Ctrl Z', run: undo },
        { label: 'Redo', group: 'Edit', shortcut: 'Ctrl Y', run: redo },
        ...(selection.size > 0
          ? ([
              { label: 'Duplicate the selection', group: 'Edit', shortcut: 'Ctrl D', run: () => duplicateSelected(store) },
              { label: 'Remove the selection', group: 'Edit', shortcut: 'Del', run: () => removeSelected(store) },
            ] satisfies Command[])
          : []),
        ...(selection.size === 1
          ? [{ label: 'Connect port…', group: 'Edit', shortcut: 'C', run: () => set({ dialog: 'connect' }) } satisfies Command]
          : []),
        { label: 'Arrange the flow', group: 'Edit', run: go.arrange },
        { label: 'Try the flow', group: 'Flow', run: () => set({ side: 'try', isSideOpen: true }) },
        { label: 'Save now', group: 'Flow', shortcut: 'Ctrl S', run: go.save },
        { label: 'Publish', group: 'Flow', run: () => set({ dialog: 'publish' }) },
      ];
  return [
    ...editing,
    { label: 'Show everything', group: 'Show', shortcut: '1', run: go.fit },
    { label: 'Show the problems', group: 'Show', run: () => set({ showProblems: true }) },
    { label: 'Show the screens', group: 'Show', run: () => openScreen(store, undefined) },
    { label: 'Show the flow', group: 'Show', run: () => set({ area: 'flow' }) },
    { label: 'Flow settings', group: 'Flow', run: () => set({ dialog: 'settings' }) },
    { label: 'Versions', group: 'Flow', run: go.versions },
    { label: 'Keyboard shortcuts', group: 'Show', shortcut: '?', run: () => set({ dialog: 'shortcuts' }) },
    ...ids.map((entry): Command => {
      const [id, type] = entry.split('\n') as [string, string];
      return {
        label: `${id} (${type})`,
        group: 'Go to',
        run: () => {
          set({ area: 'flow', side: 'inspector', isSideOpen: true });
          store.getState().select([id]);
          go.focus(id);
        },
      };
    }),
    ...known.flows
      .filter((other) => other.id !== store.getState().flowId)
      .map(
        (other): Command => ({
          label: `Flow ${other.id}${other.name && other.name !== other.id ? ` – ${other.name}` : ''}`,
          group: 'Page',
          run: () => go.to(`/flows/${encodeURIComponent(other.id)}`),
        }),
      ),
    ...known.connectors.map(
      (connector): Command => ({
        label: `Connector ${connector.id}`,
        group: 'Page',
        run: () => go.to(`/connectors/${encodeURIComponent(connector.id)}`),
      }),
    ),
    ...(
      [
        ['Flows', '/flows'],
        ['Connectors', '/connectors'],
        ['Runs', '/runs'],
      ] as const
    ).map(([label, to]): Command => ({ label, group: 'Page', run: () => go.to(to) })),
    ...textsOf(flow).map(
      (found): Command => ({ label: found.label, text: found.text, group: 'Found', run: () => showPlace(store, found, go.focus) }),
    ),
  ];
}

import type { DesignerStore } from './store';
import { add, duplicateSelected, openScreen, removeSelected } from './store';
import type { KnownThings } from './known';

export interface Command {
  label: string;
  group: 'Add' | 'Edit' | 'Show' | 'Go to' | 'Flow';
  shortcut?: string;
  run: () => void;
}

/** Everything the designer can do, for the command palette. */
export function commandsOf(store: DesignerStore, known: KnownThings, go: { focus: (id: string) => void; arrange: () => void; fit: () => void; versions: () => void; save: () => void }): Command[] {
  const { flow, selection, readOnly, set, undo, redo, catalogue } = store.getState();
  const ids = (Array.isArray(flow['activities']) ? flow['activities'] : []).flatMap((item) => (item && typeof item === 'object' && 'id' in item ? [`${String(item['id'])}\n${String((item as { type?: unknown }).type)}`] : []));
  const editing: Command[] = readOnly ? [] : [
    ...known.types.map((type): Command => ({ label: `Add ${type.type}`, group: 'Add', run: () => go.focus(add(store, type, { catalogue, connectors: known.connectors })) })),
    { label: 'Undo', group: 'Edit', shortcut: 'Ctrl Z', run: undo },
    { label: 'Redo', group: 'Edit', shortcut: 'Ctrl Y', run: redo },
    ...(selection.size > 0 ? [
      { label: 'Duplicate the selection', group: 'Edit', shortcut: 'Ctrl D', run: () => duplicateSelected(store) },
      { label: 'Remove the selection', group: 'Edit', shortcut: 'Del', run: () => removeSelected(store) },
    ] satisfies Command[] : []),
    ...(selection.size === 1 ? [{ label: 'Connect port…', group: 'Edit', shortcut: 'C', run: () => set({ dialog: 'connect' }) } satisfies Command] : []),
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
  ];
}

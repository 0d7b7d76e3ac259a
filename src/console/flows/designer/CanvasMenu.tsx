import {
  AlignStartHorizontal,
  AlignStartVertical,
  Columns3,
  Copy,
  Group,
  LayoutDashboard,
  Play,
  Plus,
  Rows3,
  Settings2,
  StickyNote,
  Trash2,
  Waypoints,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { MenuTarget } from '../../canvas/FlowCanvas';
import { startOf } from '../../graph/flow';
import { setStart } from '../../graph/edit';
import { ContextMenu, type MenuEntry } from '../../ui';
import { note, useDesignerStore } from './store';
import { entryOf, useHere } from './useCommands';

/** What can be done with what is under the pointer: an activity, what is chosen, a connection, or the empty canvas. */
export function CanvasMenu({ on, children }: { on: MenuTarget | undefined; children: ReactNode }) {
  const here = useHere();
  const store = useDesignerStore();

  const entries = (): (MenuEntry | null)[] => {
    const { flow, selection, readOnly, set, apply } = store.getState();
    if (readOnly || !on) return [entryOf(here, 'fit', <Waypoints />)];
    if (on.connection !== undefined) {
      const [source, port] = on.connection.split('\n') as [string, string];
      return [
        { label: 'Insert an activity', icon: <Plus />, onSelect: () => set({ dialog: 'add', spot: { on: { source, port } } }) },
        { label: 'Settings of the connection', icon: <Settings2 />, onSelect: () => set({ side: 'inspector', isSideOpen: true }) },
        null,
        entryOf(here, 'remove', <Trash2 />, { label: 'Remove the connection', tone: 'danger' }),
      ];
    }
    if (on.activity !== undefined) {
      const id = on.activity;
      const isOne = selection.size <= 1;
      return [
        ...(isOne
          ? [
              { label: 'Settings', icon: <Settings2 />, shortcut: 'Enter', onSelect: () => set({ side: 'inspector', isSideOpen: true }) },
              entryOf(here, 'add', <Plus />, { label: 'Add an activity after it' }),
              entryOf(here, 'connect', <Waypoints />),
              {
                label: 'Begin the flow here',
                icon: <Play />,
                disabled: startOf(flow) === id,
                onSelect: () => apply(`Begin with ${id}`, (before) => setStart(before, id)),
              },
            ]
          : [
              entryOf(here, 'align-left', <AlignStartVertical />),
              entryOf(here, 'align-top', <AlignStartHorizontal />),
              entryOf(here, 'align-row', <Columns3 />),
              entryOf(here, 'align-column', <Rows3 />),
            ]),
        null,
        entryOf(here, 'duplicate', <Copy />),
        entryOf(here, 'group', <Group />),
        null,
        entryOf(here, 'remove', <Trash2 />, { tone: 'danger' }),
      ];
    }
    return [
      { label: 'Add an activity here', icon: <Plus />, onSelect: () => set({ dialog: 'add', spot: { at: on.at } }) },
      { label: 'Add a note here', icon: <StickyNote />, onSelect: () => note(store, on.at) },
      null,
      entryOf(here, 'all', <Group />),
      entryOf(here, 'arrange', <LayoutDashboard />),
      entryOf(here, 'fit', <Waypoints />),
    ];
  };

  const isOurs = (target: Element) => target.closest('.react-flow__renderer') !== null && !target.closest('input, textarea');
  return (
    <ContextMenu isFor={isOurs} entries={entries}>
      {children}
    </ContextMenu>
  );
}

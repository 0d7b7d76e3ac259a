import { activities } from '../../graph/flow';
import { text } from '../../graph/json';
import { textsOf } from '../../graph/search';
import { wordsOf } from './ConnectionsList';
import { inPalette, keyText, type Here } from './commands';
import type { KnownThings } from './known';
import { showPlace } from './renames';
import { add } from './store';

/** What can be picked from the command palette. */
export interface Pick {
  label: string;
  group: 'Add' | 'Edit' | 'Show' | 'Move' | 'Go to' | 'Flow' | 'Found' | 'Page';
  shortcut?: string;
  /** A longer text that is searched: what stands in a setting or a screen. */
  text?: string;
  run: () => void;
}

/** The commands, and every place of this flow and of the console that one can go to. */
export function picksOf(here: Here, known: KnownThings, go: { to: (path: string) => void; focus: (id: string) => void }): Pick[] {
  const { store } = here;
  const { flow, flowId, readOnly, set, catalogue } = store.getState();
  return [
    ...(readOnly ? [] : known.types).map(
      (type): Pick => ({
        label: `Add ${type.type}`,
        group: 'Add',
        run: () => go.focus(add(store, type, { catalogue, connectors: known.connectors })),
      }),
    ),
    ...inPalette(here).map(
      (one): Pick => ({
        label: one.label,
        group: one.group,
        ...(one.keys && { shortcut: keyText(one.keys[0]!) }),
        run: () => void one.run!(here, ''),
      }),
    ),
    ...activities(flow).map((item): Pick => {
      const id = text(item['id']);
      return {
        label: wordsOf(item),
        group: 'Go to',
        run: () => {
          set({ area: 'flow', side: 'inspector', isSideOpen: true });
          store.getState().select([id]);
          go.focus(id);
        },
      };
    }),
    ...known.flows
      .filter((other) => other.id !== flowId)
      .map(
        (other): Pick => ({
          label: `Flow ${other.id}${other.name && other.name !== other.id ? ` – ${other.name}` : ''}`,
          group: 'Page',
          run: () => go.to(`/flows/${encodeURIComponent(other.id)}`),
        }),
      ),
    ...known.connectors.map(
      (connector): Pick => ({
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
    ).map(([label, to]): Pick => ({ label, group: 'Page', run: () => go.to(to) })),
    ...textsOf(flow).map(
      (found): Pick => ({ label: found.label, text: found.text, group: 'Found', run: () => showPlace(store, found, go.focus) }),
    ),
  ];
}

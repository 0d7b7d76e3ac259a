import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../api/client';
import type { ConnectorHead, FlowHead } from '../api/types';
import { Button, Dialog, PickDialog, Shortcuts, type Choice } from '../ui';
import { useMay } from './session';

const keys: [string, [string, string][]][] = [
  [
    'Everywhere',
    [
      ['Ctrl K', 'Go to a page, a flow or a connector'],
      ['?', 'This list'],
      ['Escape', 'Close what is open'],
    ],
  ],
  [
    'In trees of values',
    [
      ['← → ↑ ↓', 'Move and fold'],
      ['Enter', 'Fold'],
      ['C', 'Copy the path of a line'],
    ],
  ],
  [
    'In code editors',
    [
      ['Escape, Tab', 'Leave the editor'],
      ['Ctrl Space', 'Suggestions'],
    ],
  ],
];

/**
 * The keys that work on every page: Ctrl K finds, ? tells the keys. A page that has more of its own, as the designer does, takes them
 * first.
 */
export function Everywhere() {
  const [shown, setShown] = useState<'find' | 'keys'>();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || document.querySelector('[role="dialog"], [role="menu"]')) return;
      const isTyping = (event.target as HTMLElement).matches?.(
        'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"], [contenteditable="true"] *',
      );
      const found =
        (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' ? 'find' : event.key === '?' && !isTyping ? 'keys' : undefined;
      if (!found) return;
      event.preventDefault();
      setShown(found);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);

  const close = () => setShown(undefined);
  if (shown === 'find') return <Find onClose={close} />;
  if (shown === 'keys')
    return (
      <Dialog
        open
        onClose={close}
        size="large"
        title="Keyboard shortcuts"
        description="On a Mac, Command stands for Ctrl. The designer has more: press ? there."
        actions={<Button onClick={close}>Close</Button>}
      >
        <Shortcuts keys={keys} />
      </Dialog>
    );
  return null;
}

function Find({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const isAdmin = useMay('admin');
  const flows = useQuery({ queryKey: ['flows'], queryFn: ({ signal }) => api.get<{ flows: FlowHead[] }>('/api/flows', signal) });
  const connectors = useQuery({
    queryKey: ['connectors'],
    queryFn: ({ signal }) => api.get<{ connectors: ConnectorHead[] }>('/api/connectors', signal),
  });
  const pages = [
    ['Overview', '/'],
    ['Flows', '/flows'],
    ['Connectors', '/connectors'],
    ['Runs', '/runs'],
    ...(isAdmin
      ? [
          ['People', '/people'],
          ['Audit log', '/audit'],
        ]
      : []),
    ['Your account', '/account'],
  ] as [string, string][];
  const choices: Choice[] = [
    ...pages.map(([label, to]) => ({ key: to, label, group: 'Page' })),
    ...(flows.data?.flows ?? []).flatMap(({ id, name }) => [
      { key: `/flows/${encodeURIComponent(id)}`, label: name && name !== id ? `${name} (${id})` : id, group: 'Flow' },
      { key: `/flows/${encodeURIComponent(id)}/versions`, label: `Versions of ${id}`, group: 'Flow' },
      { key: `/runs?flow=${encodeURIComponent(id)}`, label: `Runs of ${id}`, group: 'Flow' },
    ]),
    ...(connectors.data?.connectors ?? []).map(({ id, name }) => ({
      key: `/connectors/${encodeURIComponent(id)}`,
      label: name && name !== id ? `${name} (${id})` : id,
      group: 'Connector',
    })),
  ];
  return (
    <PickDialog
      title="Go to"
      placeholder="Search pages, flows and connectors"
      choices={choices}
      onPick={({ key }) => {
        onClose();
        void navigate(key);
      }}
      onClose={onClose}
    />
  );
}

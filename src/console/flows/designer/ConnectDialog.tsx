import { useState } from 'react';
import { KindIcon } from '../../canvas/kinds';
import { connect } from '../../graph/edit';
import { activity, targetOf } from '../../graph/flow';
import { text } from '../../graph/json';
import { outcomesOf } from '../../graph/ports';
import { PickDialog } from '../../ui';
import { useTargets } from './ConnectionsList';
import { useDesigner, useDesignerStore } from './store';

/** Connects an outcome of the chosen activity by keyboard: first the port, when there are several, then where it leads. */
export function ConnectDialog({ source, onClose }: { source: string; onClose: () => void }) {
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const catalogue = useDesigner((state) => state.catalogue);
  const targets = useTargets(flow);
  const item = activity(flow, source);
  const ports = item ? outcomesOf(flow, item, catalogue).map((port) => port.name) : [];
  const [port, setPort] = useState(ports.length === 1 ? ports[0] : undefined);

  if (port === undefined)
    return (
      <PickDialog
        key="port"
        title={`Connect an outcome of ${source}`}
        description={ports.length === 0 ? 'This activity has no outcomes.' : undefined}
        placeholder="Outcome"
        choices={ports.map((name) => ({ key: name, label: name, aside: targetOf(flow, source, name) ?? 'not connected' }))}
        onPick={(choice) => setPort(choice.key)}
        onClose={onClose}
      />
    );
  return (
    <PickDialog
      key="target"
      title={`${port} of ${source} leads to`}
      placeholder="Activity"
      choices={targets.map(({ id, label }) => ({ key: id, label, icon: <KindIcon type={text(activity(flow, id)?.['type'])} size={14} /> }))}
      onPick={({ key: target }) => {
        store.getState().apply(`Connect ${port} of ${source} to ${target}`, (before) => connect(before, { source, port, target }));
        store.getState().announce(`${port} of ${source} now leads to ${target}`);
        onClose();
      }}
      onClose={onClose}
    />
  );
}

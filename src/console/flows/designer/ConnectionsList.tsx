import { useMemo } from 'react';
import { connect, disconnect } from '../../graph/edit';
import { typeOf } from '../../graph/described';
import { activity, activityIds, connectionsTo, startOf, targetOf, titleOf, type Activity, type Flow } from '../../graph/flow';
import { text } from '../../graph/json';
import { messageOf } from '../../graph/messages';
import { readingOrder } from '../../graph/navigate';
import { portsOf } from '../../graph/ports';
import { Select } from '../../ui';
import { useDesigner, useDesignerStore } from './store';

/** What an activity is called where one is chosen: the name that a person gave first, then its id and type. */
export const wordsOf = (item: Activity): string =>
  text(item['name']) ? `${titleOf(item)} (${text(item['id'])}, ${text(item['type'])})` : `${text(item['id'])} (${text(item['type'])})`;

/** The activities to choose from, in the order in which they are read. */
export function useTargets(flow: Flow): { id: string; label: string }[] {
  const places = useDesigner((state) => state.places);
  return useMemo(
    () =>
      // What was added a moment ago has no place yet, and what was removed still has one.
      [...new Set([...readingOrder(flow, startOf(flow), places), ...activityIds(flow)])].flatMap((id) => {
        const item = activity(flow, id);
        return item ? [{ id, label: wordsOf(item) }] : [];
      }),
    [flow, places],
  );
}

/** Where each outcome of an activity leads, as a list: everything that dragging a connection does. */
export function ConnectionsList({ item }: { item: Activity }) {
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const catalogue = useDesigner((state) => state.catalogue);
  const readOnly = useDesigner((state) => state.readOnly);
  const targets = useTargets(flow);
  const id = text(item['id']);
  const ports = portsOf(flow, item, catalogue);
  const sources = [...new Set(connectionsTo(flow, id).map((connection) => connection.source))];

  return (
    <div className="stack">
      {ports.length === 0 && (
        <p className="muted">
          {typeOf(item, catalogue)?.settings.some((setting) => setting.outcomes?.from === 'screen')
            ? 'The screen has no button yet. Each Button, and each Link with an id, is an outcome.'
            : 'This activity has no outcomes: the flow does not go on from here.'}
        </p>
      )}
      {ports.map((port) => {
        const target = targetOf(flow, id, port.name);
        return (
          <label className="connection-row" key={port.name}>
            <span className="connection-port" data-kind={port.kind}>
              {port.name}
            </span>
            <Select
              aria-label={`${port.name} leads to`}
              value={target ?? ''}
              disabled={readOnly}
              onChange={(event) => {
                const to = event.target.value;
                store
                  .getState()
                  .apply(to ? `Connect ${port.name} of ${id} to ${to}` : `Disconnect ${port.name} of ${id}`, (before) =>
                    to ? connect(before, { source: id, port: port.name, target: to }) : disconnect(before, id, port.name),
                  );
              }}
            >
              <option value="">
                {port.kind === 'else'
                  ? 'Not connected (ends the run)'
                  : port.kind === 'missing'
                    ? 'Remove the connection'
                    : 'Not connected'}
              </option>
              {target !== undefined && !targets.some((other) => other.id === target) && <option value={target}>{target} (unknown)</option>}
              {targets.map((other) => (
                <option value={other.id} key={other.id}>
                  {other.label}
                </option>
              ))}
            </Select>
            {target !== undefined && messageOf(flow, id, port.name) && (
              <span className="field-hint connection-says">Says “{messageOf(flow, id, port.name)}”</span>
            )}
            {port.kind === 'missing' && <span className="field-problem">The activity has no outcome “{port.name}”.</span>}
          </label>
        );
      })}
      {sources.length > 0 && (
        <p className="field-hint">
          Reached from{' '}
          {sources.map((source, index) => (
            <span key={source}>
              {index > 0 && ', '}
              <button type="button" className="link-button" onClick={() => store.getState().select([source])}>
                {source}
              </button>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, RotateCw, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { api } from '../api/client';
import type { QueuedCall } from '../api/types';
import { useMay } from '../app/session';
import { Badge, Confirm, Empty, Failed, IconButton, Loading, Menu, toast, toastError, When } from '../ui';

const key = ['calls'];
const interval = 3_000;

/** Calls with "async": "durable" that wait to be delivered, or were given up. */
export function CallsPage() {
  const mayChange = useMay('designer');
  const queries = useQueryClient();
  const [removing, setRemoving] = useState<QueuedCall>();
  const calls = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<{ calls: QueuedCall[]; next: string | null }>('/api/calls?limit=200', signal),
    refetchInterval: interval,
  });

  const act = async (action: () => Promise<unknown>, text: string) => {
    try {
      await action();
      toast(text);
    } catch (error) {
      toastError(error);
    } finally {
      setRemoving(undefined);
      await queries.invalidateQueries({ queryKey: key });
    }
  };
  const path = (call: QueuedCall) => `/api/calls/${encodeURIComponent(call.id)}`;

  return (
    <div className="page">
      <title>Calls · FlowEngine</title>
      <header className="page-head">
        <div>
          <h1>Calls to be delivered</h1>
          <p className="lead">
            Durable calls that have not arrived yet. The server delivers them again for up to a day; what it gave up is kept for a week.
          </p>
        </div>
      </header>
      <div className="card">
        {calls.isPending ? (
          <Loading />
        ) : calls.isError ? (
          <Failed error={calls.error} onRetry={() => void calls.refetch()} />
        ) : calls.data.calls.length === 0 ? (
          <Empty icon={<Send />} title="Everything was delivered">
            Calls with <code>"async": "durable"</code> stand here until they have arrived.
          </Empty>
        ) : (
          <div className="table-scroll">
            <table className="table">
              <caption className="visually-hidden">Calls, the newest first</caption>
              <thead>
                <tr>
                  <th scope="col">Status</th>
                  <th scope="col">Connector</th>
                  <th scope="col">Flow and activity</th>
                  <th scope="col">Run</th>
                  <th scope="col">Queued</th>
                  <th scope="col">Deliveries</th>
                  <th scope="col">Next</th>
                  <th scope="col">Last error</th>
                  <th scope="col">
                    <span className="visually-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {calls.data.calls.map((call) => (
                  <tr key={call.id}>
                    <td>
                      <Badge tone={call.status === 'dead' ? 'danger' : 'accent'}>{call.status === 'dead' ? 'Given up' : 'Waiting'}</Badge>
                    </td>
                    <td data-label="Connector">
                      <Link to={`/connectors/${call.connector}`}>{call.connector}</Link>
                    </td>
                    <td data-label="Flow and activity">
                      {call.flow} <span className="muted">{call.activity}</span>
                    </td>
                    <td data-label="Run" className="number">
                      {call.run === null ? (
                        <span className="muted">–</span>
                      ) : (
                        <Link to={`/runs/${call.run}`} aria-label={`Run ${call.run}`}>
                          {call.run}
                        </Link>
                      )}
                    </td>
                    <td data-label="Queued">
                      <When at={call.createdAt} />
                    </td>
                    <td data-label="Deliveries" className="number">
                      {call.deliveries}
                    </td>
                    <td data-label="Next">{call.dueAt ? <When at={call.dueAt} /> : <span className="muted">never</span>}</td>
                    <td data-label="Last error" title={call.error?.message ?? undefined}>
                      {call.error ? <code className="run-error">{call.error.code}</code> : <span className="muted">–</span>}
                    </td>
                    <td className="actions">
                      {mayChange && (
                        <Menu
                          trigger={
                            <IconButton size="small" label={`Actions for the call of ${call.activity}`} icon={<Ellipsis size={16} />} />
                          }
                          entries={[
                            {
                              label: 'Deliver now',
                              icon: <RotateCw />,
                              onSelect: () => void act(() => api.post(`${path(call)}/retry`, {}), 'It is delivered now.'),
                            },
                            null,
                            { label: 'Remove', icon: <Trash2 />, tone: 'danger', onSelect: () => setRemoving(call) },
                          ]}
                        />
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {calls.data?.next && <p className="field-hint">There are more; these are the newest 200.</p>}
      </div>
      <Confirm
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title="Remove the call?"
        text={`It is never delivered through ${removing?.connector ?? ''} then.`}
        action="Remove call"
        onConfirm={() => removing && void act(() => api.delete(path(removing)), 'The call was removed.')}
      />
    </div>
  );
}

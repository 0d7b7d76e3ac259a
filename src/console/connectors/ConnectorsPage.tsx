import './connectors.css';
import { useQuery } from '@tanstack/react-query';
import { PlugZap, Plus, SearchX } from 'lucide-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api } from '../api/client';
import type { ConnectorHead } from '../api/types';
import { useMay } from '../app/session';
import { Icon } from '../canvas/icons';
import { Drift } from '../flows/Drift';
import { useSchema } from '../forms';
import { Button, Empty, Failed, Loading, Menu, SearchInput, When } from '../ui';
import { CertificateBadge } from './CertificateBadge';
import { warningsOf } from './roles';
import { TypeIcon } from './TypeIcon';
import { WarningBadge } from './WarningBadge';

/** All connectors. */
export function ConnectorsPage() {
  const [search, setSearch] = useState('');
  const navigate = useNavigate();
  const mayChange = useMay('designer');
  const types = useSchema().data?.connectors ?? [];
  const typeOf = (type: string) => types.find((one) => one.type === type);
  const labelOfType = (type: string) => typeOf(type)?.label ?? type;
  const list = useQuery({
    queryKey: ['connectors'],
    queryFn: ({ signal }) => api.get<{ connectors: ConnectorHead[] }>('/api/connectors', signal),
  });
  const all = list.data?.connectors ?? [];
  const wanted = search.trim().toLowerCase();
  const shown = all.filter((one) =>
    [one.id, one.name, one.description, labelOfType(one.type)].some((text) => text.toLowerCase().includes(wanted)),
  );

  const add = mayChange && (
    <Menu
      label="Kind of connector"
      trigger={
        <Button kind="primary" icon={<Plus />}>
          New connector
        </Button>
      }
      entries={types.map(({ type, label, icon }) => ({
        label,
        icon: <Icon icon={icon} />,
        onSelect: () => void navigate(`/connectors/-new?type=${encodeURIComponent(type)}`),
      }))}
    />
  );

  return (
    <div className="page">
      <title>Connectors · FlowEngine</title>
      <header className="page-head">
        <div>
          <h1>Connectors</h1>
          <p className="lead">APIs and databases that flows call, with their credentials.</p>
        </div>
        <div className="toolbar">
          {all.length > 0 && <SearchInput label="Search connectors" value={search} onChange={setSearch} />}
          {add}
        </div>
      </header>
      <Drift kind="connector" />
      <div className="card">
        {list.isPending ? (
          <Loading />
        ) : list.isError ? (
          <Failed error={list.error} onRetry={() => void list.refetch()} />
        ) : all.length === 0 ? (
          <Empty icon={<PlugZap />} title="No connectors yet">
            A connector holds the address and credentials of an API or a database, so that flows only name it.
          </Empty>
        ) : shown.length === 0 ? (
          <Empty icon={<SearchX />} title="Nothing found" action={<Button onClick={() => setSearch('')}>Show all</Button>}>
            No connector’s name, ID or description holds “{search.trim()}”.
          </Empty>
        ) : (
          <div className="table-scroll">
            <table className="table connectors-table">
              <thead>
                <tr>
                  <th scope="col">Connector</th>
                  <th scope="col">Type</th>
                  <th scope="col">Used by</th>
                  <th scope="col">Updated</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((one) => (
                  <tr
                    key={one.id}
                    data-link
                    onClick={(event) =>
                      !(event.target as HTMLElement).closest('a') && void navigate(`/connectors/${encodeURIComponent(one.id)}`)
                    }
                  >
                    <td>
                      <div className="connector-cell">
                        <TypeIcon type={one.type} />
                        <div>
                          <div className="row">
                            <Link to={`/connectors/${encodeURIComponent(one.id)}`} className="connector-name">
                              {one.name || one.id}
                            </Link>
                            {warningsOf(typeOf(one.type), one.warnings).map((warning) => (
                              <WarningBadge warning={warning} key={warning} />
                            ))}
                            <CertificateBadge daysLeft={one.certificateDaysLeft} />
                          </div>
                          <div className="connector-id">
                            <code>{one.id}</code>
                            {one.description && <span> {one.description}</span>}
                          </div>
                        </div>
                      </div>
                    </td>
                    <td data-label="Type" className="muted">
                      {labelOfType(one.type)}
                    </td>
                    <td data-label="Used by">
                      <UsedBy flows={one.usedBy} />
                    </td>
                    <td data-label="Updated" className="muted nowrap">
                      <When at={one.updatedAt} />
                      {one.author && (
                        <div className="connector-author">
                          {one.author === 'folder' ? (
                            <span title="Taken from the connectors’ folder when the server started">from its file</span>
                          ) : (
                            `by ${one.author}`
                          )}
                        </div>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </div>
  );
}

/** The first flows by name, then how many more. */
function UsedBy({ flows }: { flows: string[] }) {
  if (flows.length === 0) return <span className="muted">No flow</span>;
  const shown = flows.length > 3 ? flows.slice(0, 2) : flows;
  return (
    <span className="used-by" title={flows.join(', ')}>
      {shown.map((flow) => (
        <Link to={`/flows/${encodeURIComponent(flow)}`} key={flow}>
          {flow}
        </Link>
      ))}
      {flows.length > shown.length && <span className="muted">and {flows.length - shown.length} more</span>}
    </span>
  );
}

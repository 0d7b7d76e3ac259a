import './flows.css';
import { useQuery } from '@tanstack/react-query';
import { Download, Ellipsis, FilePlus2, FileUp, History, Pencil, Plus, Trash2, Waypoints } from 'lucide-react';
import { useMemo, useRef, useState, type DragEvent } from 'react';
import { useNavigate } from 'react-router';
import { useMay } from '../app/session';
import { api } from '../api/client';
import { root } from '../api/root';
import type { FlowHead } from '../api/types';
import { Badge, Button, Empty, Failed, IconButton, Loading, Menu, SearchInput, toastError, When } from '../ui';
import { DeleteFlow } from './DeleteFlow';
import { Drift } from './Drift';
import { exportFlow, importFile, type Imported } from './files';
import { ImportDialog } from './ImportDialog';
import { NewFlowDialog } from './NewFlowDialog';

/** All flows: to open, to begin, to bring in and to take out. */
export function FlowsPage() {
  const navigate = useNavigate();
  const mayEdit = useMay('designer');
  const flows = useQuery({ queryKey: ['flows'], queryFn: ({ signal }) => api.get<{ flows: FlowHead[] }>('/api/flows', signal) });
  const [search, setSearch] = useState('');
  const [isNew, setIsNew] = useState(false);
  const [imported, setImported] = useState<Imported & { fileName: string }>();
  const [removing, setRemoving] = useState<FlowHead>();
  const [isOver, setIsOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);

  const all = flows.data?.flows;
  const shown = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    return all
      ?.filter((flow) => words.every((word) => `${flow.id} ${flow.name}`.toLowerCase().includes(word)))
      .sort((a, b) => a.name.localeCompare(b.name));
  }, [all, search]);
  const open = (id: string) => void navigate(`/flows/${encodeURIComponent(id)}`);

  const read = async (file: File | undefined) => {
    if (!file) return;
    try {
      setImported({ ...(await importFile(file)), fileName: file.name });
    } catch (error) {
      toastError(error);
    }
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    if (mayEdit) void read(event.dataTransfer.files[0]);
  };

  return (
    <div
      className="page flows-page"
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!mayEdit || !event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setIsOver(false)}
      onDrop={onDrop}
    >
      <div className="page-head">
        <div>
          <h1>Flows</h1>
          <p className="lead">Each flow leads a person, or a system, from a start to an end.</p>
        </div>
        {mayEdit && (
          <div className="toolbar">
            <Button icon={<FileUp />} onClick={() => picker.current?.click()}>
              Import
            </Button>
            <Button kind="primary" icon={<Plus />} onClick={() => setIsNew(true)}>
              New flow
            </Button>
          </div>
        )}
      </div>
      <input
        ref={picker}
        className="visually-hidden"
        type="file"
        accept=".json,application/json"
        aria-label="File to import"
        tabIndex={-1}
        onChange={(event) => {
          void read(event.target.files?.[0]);
          event.target.value = '';
        }}
      />

      {flows.isError ? (
        <Failed error={flows.error} onRetry={() => void flows.refetch()} />
      ) : !shown ? (
        <div className="card">
          <Loading />
        </div>
      ) : all!.length === 0 ? (
        <div className="card">
          <Empty
            icon={<Waypoints />}
            title="No flows yet"
            action={
              mayEdit && (
                <Button kind="primary" icon={<FilePlus2 />} onClick={() => setIsNew(true)}>
                  New flow
                </Button>
              )
            }
          >
            Begin with an empty flow or a template, or drop a flow file or an Elsa 3 definition here.
          </Empty>
        </div>
      ) : (
        <>
          <Drift kind="flow" />
          <div className="toolbar">
            <SearchInput label="Search flows" value={search} onChange={setSearch} />
          </div>
          <div className="card table-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th>Flow</th>
                  <th>Published</th>
                  <th>Draft</th>
                  <th>Updated</th>
                  <th>
                    <span className="visually-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {shown.map((flow) => (
                  <tr
                    key={flow.id}
                    data-link
                    onClick={(event) => !(event.target as HTMLElement).closest('button, a, [role="menu"]') && open(flow.id)}
                  >
                    <td>
                      <a
                        className="flow-link"
                        href={`${root}/console/flows/${encodeURIComponent(flow.id)}`}
                        onClick={(event) => {
                          if (event.metaKey || event.ctrlKey) return;
                          event.preventDefault();
                          open(flow.id);
                        }}
                      >
                        {flow.name || flow.id}
                      </a>
                      <div className="muted flow-id">{flow.id}</div>
                    </td>
                    <td data-label="Published">
                      {flow.publishedVersion === null ? (
                        <Badge>Not published</Badge>
                      ) : (
                        <Badge tone="success">Version {flow.publishedVersion}</Badge>
                      )}
                      {flow.access === 'key' && (
                        <>
                          {' '}
                          <Badge>Key only</Badge>
                        </>
                      )}
                    </td>
                    <td data-label="Draft">
                      {flow.draftRevision === null ? <span className="muted">–</span> : <Badge tone="info">Draft</Badge>}
                    </td>
                    <td data-label="Updated" className="muted">
                      <When at={flow.updatedAt} />
                    </td>
                    <td className="actions-cell">
                      <Menu
                        label={flow.id}
                        trigger={<IconButton size="small" label={`More for ${flow.name || flow.id}`} icon={<Ellipsis size={16} />} />}
                        entries={[
                          { label: mayEdit ? 'Edit' : 'Open', icon: <Pencil />, onSelect: () => open(flow.id) },
                          {
                            label: 'Versions',
                            icon: <History />,
                            onSelect: () => void navigate(`/flows/${encodeURIComponent(flow.id)}/versions`),
                          },
                          null,
                          {
                            label: 'Export as flow file',
                            icon: <Download />,
                            onSelect: () => void exportFlow(flow.id, 'flow').catch(toastError),
                          },
                          {
                            label: 'Export for Elsa',
                            icon: <Download />,
                            onSelect: () => void exportFlow(flow.id, 'elsa').catch(toastError),
                          },
                          ...(mayEdit
                            ? [null, { label: 'Delete', icon: <Trash2 />, tone: 'danger' as const, onSelect: () => setRemoving(flow) }]
                            : []),
                        ]}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {shown.length === 0 && (
              <Empty icon={<Waypoints />} title="No flow matches">
                No name or id holds “{search}”.
              </Empty>
            )}
          </div>
        </>
      )}

      {isOver && (
        <div className="drop-hint" aria-hidden="true">
          <FileUp size={28} /> Drop a flow file or an Elsa 3 definition
        </div>
      )}
      {isNew && <NewFlowDialog flows={all ?? []} onClose={() => setIsNew(false)} onMade={open} />}
      {imported && <ImportDialog imported={imported} flows={all ?? []} onClose={() => setImported(undefined)} onMade={open} />}
      {removing && <DeleteFlow flow={removing} onClose={() => setRemoving(undefined)} />}
    </div>
  );
}

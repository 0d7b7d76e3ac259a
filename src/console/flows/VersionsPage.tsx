import './flows.css';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, FilePen, GitCompareArrows, History, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useMay } from '../app/session';
import { api, ApiError, query } from '../api/client';
import type { Change, FlowDetail, FlowVersion, JsonObject } from '../api/types';
import { FlowMap } from '../canvas/FlowMap';
import { sentenceAt } from '../forms';
import {
  Badge,
  Button,
  Dialog,
  Empty,
  Failed,
  Field,
  IconButton,
  Loading,
  Notice,
  Segmented,
  Select,
  TextArea,
  toast,
  toastError,
  When,
} from '../ui';
import { ChangeList } from './ChangeList';
import { ReplaceDraftDialog } from './ReplaceDraftDialog';
import { replaceDraft, type Lost } from './replaceDraft';
import { useCatalogue, useSchema } from './designer/known';

interface Page {
  versions: FlowVersion[];
  next: number | null;
}

/** The published versions of a flow: what each is, what differs between any two, and the way back to one. */
export function VersionsPage() {
  const { id = '' } = useParams();
  const navigate = useNavigate();
  const mayEdit = useMay('designer');
  const path = `/api/flows/${encodeURIComponent(id)}`;
  const detail = useQuery({ queryKey: ['flow', id], queryFn: ({ signal }) => api.get<FlowDetail>(path, signal) });
  const pages = useInfiniteQuery({
    queryKey: ['versions', id],
    queryFn: ({ signal, pageParam }) => api.get<Page>(`${path}/versions${query({ before: pageParam, limit: 50 })}`, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const versions = pages.data?.pages.flatMap((page) => page.versions) ?? [];
  const [chosen, setChosen] = useState<number>();
  const [against, setAgainst] = useState<string>();
  const [view, setView] = useState('changes');
  const [restoring, setRestoring] = useState<FlowVersion>();
  const [inTheWay, setInTheWay] = useState<{ version: number; definition: JsonObject; lost: Lost }>();

  const shown = versions.find((version) => version.version === chosen) ?? versions[0];
  const hasDraft = detail.data?.draft !== null && detail.data?.draft !== undefined;
  const before = versions[versions.findIndex((version) => version.version === shown?.version) + 1]?.version;
  const from = against ?? (before === undefined ? undefined : String(before));

  return (
    <div className="page">
      <div className="page-head">
        <div className="row">
          <IconButton
            label="Back to the designer"
            icon={<ArrowLeft size={17} />}
            onClick={() => void navigate(`/flows/${encodeURIComponent(id)}`)}
          />
          <div>
            <h1>Versions of {detail.data?.name ?? id}</h1>
            <p className="lead">Published versions never change. A run stays on the version it began with.</p>
          </div>
        </div>
      </div>
      {pages.isError ? (
        <Failed error={pages.error} onRetry={() => void pages.refetch()} />
      ) : !pages.data ? (
        <div className="card">
          <Loading />
        </div>
      ) : versions.length === 0 ? (
        <div className="card">
          <Empty icon={<History />} title="Not published yet">
            The first version comes with the first publish.
          </Empty>
        </div>
      ) : (
        <div className="versions">
          <nav className="card version-list" aria-label="Versions">
            {versions.map((version) => (
              <button
                type="button"
                className="version"
                key={version.version}
                aria-current={version.version === shown?.version || undefined}
                onClick={() => {
                  setChosen(version.version);
                  setAgainst(undefined);
                }}
              >
                <span className="version-head">
                  <strong>Version {version.version}</strong>
                  {version.isPublished && <Badge tone="success">Published</Badge>}
                </span>
                <span className="version-note">{version.note || 'No note'}</span>
                <span className="muted">
                  {version.author} · <When at={version.publishedAt} />
                </span>
              </button>
            ))}
            {pages.hasNextPage && (
              <Button kind="quiet" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                Show older versions
              </Button>
            )}
          </nav>
          {shown && (
            <section className="card version-detail" aria-label={`Version ${shown.version}`}>
              <div className="card-head">
                <div>
                  <h2>Version {shown.version}</h2>
                  <p className="muted">
                    {shown.note || 'No note'} · {shown.author} · {new Date(shown.publishedAt).toLocaleString()}
                  </p>
                </div>
                {mayEdit && (
                  <div className="toolbar">
                    <Button size="small" icon={<FilePen />} onClick={() => void openAsDraft(shown.version)}>
                      Open as draft
                    </Button>
                    {!shown.isPublished && (
                      <Button size="small" kind="primary" icon={<RotateCcw />} onClick={() => setRestoring(shown)}>
                        Restore
                      </Button>
                    )}
                  </div>
                )}
              </div>
              <div className="card-body stack">
                <div className="row">
                  <Segmented
                    aria-label="Show"
                    options={[
                      { value: 'changes', label: 'Changes' },
                      { value: 'flow', label: 'Flow' },
                    ]}
                    value={view}
                    onChange={setView}
                  />
                  {view === 'changes' && (
                    <label className="row compare">
                      <GitCompareArrows size={16} aria-hidden="true" />
                      <span>Compare with</span>
                      <Select value={from ?? ''} onChange={(event) => setAgainst(event.target.value)}>
                        {from === undefined && <option value="">Nothing before it</option>}
                        {versions
                          .filter((version) => version.version !== shown.version)
                          .map((version) => (
                            <option value={version.version} key={version.version}>
                              Version {version.version}
                              {version.isPublished ? ' (published)' : ''}
                            </option>
                          ))}
                        {hasDraft && <option value="draft">The draft</option>}
                      </Select>
                    </label>
                  )}
                </div>
                {view === 'flow' ? (
                  <VersionMap id={id} version={shown.version} />
                ) : from === undefined ? (
                  <p className="muted">This is the first version.</p>
                ) : (
                  <Diff id={id} from={from} to={shown.version} />
                )}
              </div>
            </section>
          )}
        </div>
      )}
      {inTheWay && (
        <ReplaceDraftDialog
          id={id}
          definition={inTheWay.definition}
          what={`version ${inTheWay.version}`}
          lost={inTheWay.lost}
          onClose={() => setInTheWay(undefined)}
          onReplaced={() => void opened(inTheWay.version)}
        />
      )}
      {restoring && <RestoreDialog id={id} version={restoring} onClose={() => setRestoring(undefined)} />}
    </div>
  );

  async function openAsDraft(version: number) {
    try {
      const { definition } = await api.get<FlowVersion>(`${path}/versions/${version}`);
      const lost = await replaceDraft(id, definition!);
      if (lost) setInTheWay({ version, definition: definition!, lost });
      else await opened(version);
    } catch (error) {
      toastError(error);
    }
  }

  async function opened(version: number) {
    await detail.refetch();
    toast(`Version ${version} is the draft now.`);
    void navigate(`/flows/${encodeURIComponent(id)}`);
  }
}

/** The older of the two is told first, whichever was chosen: a draft is newer than every version. */
function Diff({ id, from, to }: { id: string; from: string; to: number }) {
  const isBackwards = from === 'draft' || Number(from) > to;
  const [older, newer] = isBackwards ? [String(to), from] : [from, String(to)];
  const diff = useQuery({
    queryKey: ['flow-diff', id, older, newer],
    queryFn: ({ signal }) =>
      api.get<{ changes: Change[] }>(`/api/flows/${encodeURIComponent(id)}/diff${query({ from: older, to: newer })}`, signal),
    staleTime: newer === 'draft' ? 0 : Infinity,
  });
  const name = (version: string) => (version === 'draft' ? 'the draft' : `version ${version}`);
  return (
    <section aria-label="Changes">
      <h3 className="diff-title">
        From {name(older)} to {name(newer)}
      </h3>
      {diff.isError ? (
        <Failed error={diff.error} onRetry={() => void diff.refetch()} />
      ) : !diff.data ? (
        <Loading lines={3} />
      ) : (
        <ChangeList changes={diff.data.changes} empty="Nothing differs but where activities stand." />
      )}
    </section>
  );
}

function VersionMap({ id, version }: { id: string; version: number }) {
  const schema = useSchema();
  const detail = useQuery({
    queryKey: ['flow-version', id, version],
    queryFn: ({ signal }) => api.get<FlowVersion>(`/api/flows/${encodeURIComponent(id)}/versions/${version}`, signal),
    staleTime: Infinity,
  });
  const catalogue = useCatalogue(schema.data, detail.data?.definition);
  if (detail.isError) return <Failed error={detail.error} />;
  if (!detail.data?.definition || !schema.data) return <Loading />;
  return (
    <div className="version-map">
      <FlowMap key={version} flow={detail.data.definition} catalogue={catalogue} label={`Version ${version}`} />
    </div>
  );
}

function RestoreDialog({ id, version, onClose }: { id: string; version: FlowVersion; onClose: () => void }) {
  const queries = useQueryClient();
  const [note, setNote] = useState(`Restores version ${version.version}`);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const problems = failure instanceof ApiError ? failure.diagnostics : [];
  const restore = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const made = await api.post<{ version: number }>(`/api/flows/${encodeURIComponent(id)}/versions/${version.version}/restore`, {
        note: note.trim(),
      });
      await Promise.all(['versions', 'flow'].map((key) => queries.invalidateQueries({ queryKey: [key, id] })));
      void queries.invalidateQueries({ queryKey: ['flows'] });
      toast(`Version ${made.version} is published, equal to version ${version.version}.`);
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Restore version ${version.version}?`}
      description="It is published again as a new version. The draft, if there is one, stays."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} onClick={() => void restore()}>
            Restore and publish
          </Button>
        </>
      }
    >
      {failure && (
        <Notice tone="danger" role="alert">
          {failure.message}
          {problems.length > 0 && (
            <ul className="notice-list">
              {problems.map((problem, index) => (
                <li key={index}>{sentenceAt(problem)}</li>
              ))}
            </ul>
          )}
        </Notice>
      )}
      <Field label="Note">
        {(input) => <TextArea {...input} rows={2} value={note} onChange={(event) => setNote(event.target.value)} />}
      </Field>
    </Dialog>
  );
}

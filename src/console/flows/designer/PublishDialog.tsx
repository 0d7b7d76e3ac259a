import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiError } from '../../api/client';
import type { Change, Diagnostic, FlowDetail } from '../../api/types';
import { sentenceAt } from '../../forms';
import { Button, Dialog, Failed, Field, Loading, Notice, TextArea, toast } from '../../ui';
import { ChangeList } from '../ChangeList';
import type { DraftSaver } from './draftSaver';
import { useDesigner, useDesignerStore } from './store';

/** Publishes the draft, with a note. It shows what becomes different, and what keeps it from being published. */
export function PublishDialog({ detail, saver, onClose }: { detail: FlowDetail; saver: DraftSaver; onClose: () => void }) {
  const store = useDesignerStore();
  const queries = useQueryClient();
  const flow = useDesigner((state) => state.flow);
  const save = useDesigner((state) => state.save);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const published = detail.published?.definition;

  const checked = useQuery({
    queryKey: ['validate', detail.id, flow],
    queryFn: ({ signal }) => api.post<{ diagnostics: Diagnostic[] }>('/api/flows/validate', { definition: flow }, signal),
    staleTime: Infinity,
    gcTime: 0,
  });
  const diff = useQuery({
    queryKey: ['publish-diff', detail.id, flow],
    queryFn: ({ signal }) => api.post<{ changes: Change[] }>('/api/flows/diff', { from: published!, to: flow }, signal),
    enabled: published !== undefined,
    staleTime: Infinity,
    gcTime: 0,
  });

  const refused = failure instanceof ApiError ? failure.diagnostics : [];
  const problems = refused.length ? refused : (checked.data?.diagnostics ?? []);
  const errors = problems.filter((problem) => problem.severity === 'error');
  const warnings = problems.filter((problem) => problem.severity === 'warning');
  const isSame = diff.data?.changes.length === 0;

  const publish = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await saver.flush();
      // A flow that was opened and not changed has no draft; publishing it again needs one.
      if (saver.revision === null) {
        saver.change(flow);
        await saver.flush();
      }
      if (!saver.isClean)
        throw new Error(saver.current.kind === 'failing' ? saver.current.message : 'The draft is not saved yet. Publish again when it is.');
      const { version } = await api.post<{ version: number }>(`/api/flows/${encodeURIComponent(detail.id)}/publish`, {
        revision: saver.revision,
        note: note.trim(),
      });
      const fresh = await queries.fetchQuery({
        queryKey: ['flow', detail.id],
        queryFn: () => api.get<FlowDetail>(`/api/flows/${encodeURIComponent(detail.id)}`),
        staleTime: 0,
      });
      saver.reset(fresh.draft?.revision ?? null);
      void queries.invalidateQueries({ queryKey: ['flows'] });
      void queries.invalidateQueries({ queryKey: ['versions', detail.id] });
      toast(`Version ${version} is published. New runs use it.`);
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title="Publish"
      description="New runs use this version at once. Runs that are in progress stay on the version they began with."
      actions={
        <>
          {errors.length > 0 && (
            <Button
              onClick={() => {
                store.getState().set({ showProblems: true });
                onClose();
              }}
            >
              Show the problems
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            busy={busy}
            disabled={checked.isPending || errors.length > 0 || save.kind === 'conflict'}
            onClick={() => void publish()}
          >
            Publish
          </Button>
        </>
      }
    >
      {failure && (
        <Notice tone="danger" role="alert">
          {failure.message}
        </Notice>
      )}
      {errors.length > 0 && (
        <Notice tone="danger">
          <strong>{errors.length === 1 ? 'This problem has' : `These ${errors.length} problems have`} to be solved first:</strong>
          <ul className="notice-list">
            {errors.slice(0, 12).map((problem, index) => (
              <li key={index}>{sentenceAt(problem)}</li>
            ))}
          </ul>
        </Notice>
      )}
      {warnings.length > 0 && (
        <Notice tone="warning">
          <ul className="notice-list">
            {warnings.slice(0, 12).map((problem, index) => (
              <li key={index}>{problem.message}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Field label="Note" hint="What changed and why, for the list of versions.">
        {(input) => <TextArea {...input} rows={2} value={note} autoFocus onChange={(event) => setNote(event.target.value)} />}
      </Field>
      <section aria-label="What changes">
        <h3>What changes</h3>
        {!published ? (
          <p className="muted">This is the first version.</p>
        ) : diff.isError ? (
          <Failed error={diff.error} />
        ) : !diff.data ? (
          <Loading lines={2} />
        ) : (
          <ChangeList changes={diff.data.changes} empty="Nothing differs from the published version." />
        )}
        {isSame && <p className="field-hint">Publishing makes a new version all the same.</p>}
      </section>
    </Dialog>
  );
}

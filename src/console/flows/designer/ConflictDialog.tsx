import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import type { Change, FlowDetail, JsonObject } from '../../api/types';
import { Button, Dialog, Failed, Loading, When } from '../../ui';
import { ChangeList } from '../ChangeList';
import type { DraftSaver, StoredDraft } from './draftSaver';
import { useDesigner, useDesignerStore } from './store';

/** Somebody else, or another tab, saved this draft meanwhile: the person sees what differs and chooses. */
export function ConflictDialog({
  id,
  theirs,
  base,
  saver,
}: {
  id: string;
  theirs: StoredDraft | null;
  base: JsonObject;
  saver: DraftSaver;
}) {
  const store = useDesignerStore();
  const queries = useQueryClient();
  const mine = useDesigner((state) => state.flow);
  const [busy, setBusy] = useState(false);
  const diff = useQuery({
    queryKey: ['conflict', id, theirs?.revision ?? null],
    queryFn: ({ signal }) => api.post<{ changes: Change[] }>('/api/flows/diff', { from: base, to: theirs!.definition }, signal),
    enabled: theirs !== null,
    gcTime: 0,
  });

  const takeTheirs = async () => {
    setBusy(true);
    try {
      const detail = await queries.fetchQuery({
        queryKey: ['flow', id],
        queryFn: () => api.get<FlowDetail>(`/api/flows/${encodeURIComponent(id)}`),
        staleTime: 0,
      });
      const definition = detail.draft?.definition ?? detail.published?.definition;
      if (definition) store.getState().take(definition, 'Take the other changes');
      saver.reset(detail.draft?.revision ?? null);
    } finally {
      setBusy(false);
    }
  };
  const keepMine = async () => {
    setBusy(true);
    await saver.keepMine(mine);
    setBusy(false);
  };

  return (
    <Dialog
      open
      onClose={() => undefined}
      size="large"
      title={theirs ? `${theirs.author} changed this flow meanwhile` : 'The draft is gone'}
      description={
        theirs ? (
          <>
            Saved <When at={theirs.updatedAt} />, perhaps in another tab. Nothing of yours is lost, and nothing of theirs is overwritten
            until you choose. Undo brings back what you do not keep.
          </>
        ) : (
          'It was published or discarded meanwhile. What you changed is still here.'
        )
      }
      actions={
        <>
          <Button busy={busy} onClick={() => void takeTheirs()}>
            {theirs ? 'Take theirs' : 'Take what is there now'}
          </Button>
          <Button kind="primary" busy={busy} onClick={() => void keepMine()}>
            Keep mine
          </Button>
        </>
      }
    >
      {theirs && (
        <section aria-label="What they changed">
          <h3>What they changed since you last saved</h3>
          {diff.isError ? (
            <Failed error={diff.error} />
          ) : !diff.data ? (
            <Loading lines={2} />
          ) : (
            <ChangeList changes={diff.data.changes} empty="Only where activities stand." />
          )}
        </section>
      )}
      <p className="field-hint">
        “Keep mine” saves your flow on top of {theirs ? 'their draft: what they changed is replaced by what you have' : 'a new draft'}.
      </p>
    </Dialog>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import type { FlowDetail } from '../../api/types';
import { Confirm, toast, toastError } from '../../ui';
import type { DraftSaver } from './draftSaver';
import { useDesignerStore } from './store';

/** Throws the draft away: the published version is what is left. */
export function DiscardDialog({ detail, saver, onClose }: { detail: FlowDetail; saver: DraftSaver; onClose: () => void }) {
  const store = useDesignerStore();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const discard = async () => {
    setBusy(true);
    try {
      await saver.flush();
      if (saver.revision !== null) await api.delete(`/api/flows/${encodeURIComponent(detail.id)}/draft?revision=${saver.revision}`);
      saver.reset(null);
      store.getState().take(detail.published!.definition, 'Discard the draft');
      await queries.invalidateQueries({ queryKey: ['flow', detail.id] });
      void queries.invalidateQueries({ queryKey: ['flows'] });
      toast('The draft is discarded. Undo brings it back.');
      onClose();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title="Discard the draft?"
      text={`What was changed since version ${detail.published?.version} is taken back. What is published stays.`}
      action="Discard the draft"
      busy={busy}
      onConfirm={() => void discard()}
    />
  );
}

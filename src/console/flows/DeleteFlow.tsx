import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, ApiError } from '../api/client';
import type { FlowHead } from '../api/types';
import { Button, Confirm, Dialog, toast, toastError } from '../ui';
import { exportFlow } from './files';
import { pathOfFlow } from './replaceDraft';

/** Deletes a flow that no other uses, or says which do. */
export function DeleteFlow({ flow, onClose }: { flow: FlowHead; onClose: () => void }) {
  const [usedBy, setUsedBy] = useState(flow.usedBy);
  const [busy, setBusy] = useState(false);
  const queries = useQueryClient();
  const name = flow.name || flow.id;

  const remove = async () => {
    setBusy(true);
    try {
      await api.delete(pathOfFlow(flow.id));
      queries.removeQueries({ queryKey: ['flow', flow.id] });
      await queries.invalidateQueries({ queryKey: ['flows'] });
      toast(`The flow ${flow.id} is deleted.`);
      onClose();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'flow.in_use') setUsedBy((error.body['usedBy'] as string[] | undefined) ?? []);
      else toastError(error);
    } finally {
      setBusy(false);
    }
  };

  if (usedBy.length > 0)
    return (
      <Dialog
        open
        onClose={onClose}
        title={`${name} is in use`}
        description="Published flows call it as a subflow, and nobody could start them without it."
        actions={<Button onClick={onClose}>Close</Button>}
      >
        <p>Publish versions of these flows that do without it, or delete them; then it can be deleted:</p>
        <ul className="plain-list">
          {usedBy.map((id) => (
            <li key={id}>
              <Link to={`/flows/${encodeURIComponent(id)}`}>{id}</Link>
            </li>
          ))}
        </ul>
      </Dialog>
    );
  return (
    <Confirm
      open
      onClose={onClose}
      title={`Delete ${name}?`}
      text={
        <>
          No run starts any more; those in progress go on to their end. Its versions are gone
          {flow.draftRevision === null ? '.' : ', and so is its draft, which was not published.'}{' '}
          <button
            type="button"
            className="link"
            onClick={() => void exportFlow(flow.id, 'flow', flow.draftRevision === null ? undefined : 'draft').catch(toastError)}
          >
            Export {flow.draftRevision === null ? 'it' : 'the draft'} as a file
          </button>{' '}
          first to keep it.
        </>
      }
      action="Delete the flow"
      busy={busy}
      onConfirm={() => void remove()}
    />
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, ApiError } from '../api/client';
import type { ConnectorDetail } from '../api/types';
import { Button, Confirm, Dialog, toast, toastError } from '../ui';

/** Deletes a connector that no flow uses, or says which flows do. */
export function DeleteConnector({
  connector,
  open,
  onClose,
  onDeleted,
}: {
  connector: ConnectorDetail;
  open: boolean;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const [usedBy, setUsedBy] = useState(connector.usedBy);
  const [busy, setBusy] = useState(false);
  const queries = useQueryClient();
  const users = usedBy.length > 0 ? usedBy : connector.usedBy;

  const remove = async () => {
    setBusy(true);
    try {
      await api.delete(`/api/connectors/${encodeURIComponent(connector.id)}`);
      await queries.invalidateQueries({ queryKey: ['connectors'] });
      toast(`Deleted the connector ${connector.id}.`);
      onDeleted();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'connector.in_use') setUsedBy((error.body['usedBy'] as string[] | undefined) ?? []);
      else toastError(error);
    } finally {
      setBusy(false);
    }
  };

  if (users.length > 0)
    return (
      <Dialog
        open={open}
        onClose={onClose}
        title="This connector is in use"
        description="Published flows call it, and runs would fail without it."
        actions={<Button onClick={onClose}>Close</Button>}
      >
        <p>Publish versions of these flows that do without it, or delete them; then it can be deleted:</p>
        <ul className="plain-list">
          {users.map((flow) => (
            <li key={flow}>
              <Link to={`/flows/${encodeURIComponent(flow)}`}>{flow}</Link>
            </li>
          ))}
        </ul>
      </Dialog>
    );
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={`Delete ${connector.id}?`}
      text="No published flow uses it. Its settings and secrets are gone then; drafts that name it can no longer be published."
      action="Delete connector"
      busy={busy}
      onConfirm={() => void remove()}
    />
  );
}

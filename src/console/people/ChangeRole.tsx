import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { User } from '../api/types';
import { Button, Dialog, Notice } from '../ui';
import { messageOf } from './message';
import { RoleChoice } from './RoleChoice';

/** Changes what somebody may do. */
export function ChangeRole({ user, onClose, onChanged }: { user: User; onClose: () => void; onChanged: () => void }) {
  const [role, setRole] = useState(user.role);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await api.patch(`/api/users/${encodeURIComponent(user.name)}`, { role });
      onChanged();
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={`Role of ${user.name}`} description="It counts from their next click on.">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {problem && <Notice tone="danger" role="alert">{problem}</Notice>}
        <RoleChoice value={role} onChange={setRole} />
        <div className="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={busy} disabled={role === user.role}>Change role</Button>
        </div>
      </form>
    </Dialog>
  );
}

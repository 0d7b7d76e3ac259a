import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { User } from '../api/types';
import { Button, Dialog, Notice } from '../ui';
import { NewPassword } from './NewPassword';
import { messageOf } from './message';

/** Sets a new password for somebody who lost theirs. */
export function SetPassword({ user, onClose, onChanged }: { user: User; onClose: () => void; onChanged: () => void }) {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await api.patch(`/api/users/${encodeURIComponent(user.name)}`, { password });
      onChanged();
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={`Password of ${user.name}`} description="Wherever they are signed in now, they are signed out.">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {problem && <Notice tone="danger" role="alert">{problem}</Notice>}
        <NewPassword value={password} onChange={setPassword} />
        <div className="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={busy}>Set password</Button>
        </div>
      </form>
    </Dialog>
  );
}

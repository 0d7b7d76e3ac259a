import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { Role } from '../api/types';
import { Button, Dialog, Field, Input, Notice } from '../ui';
import { NewPassword } from './NewPassword';
import { messageOf } from './message';
import { RoleChoice } from './RoleChoice';

/** Adds somebody with a first password, which they can change. */
export function AddPerson({ onClose, onAdded }: { onClose: () => void; onAdded: (name: string) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await api.post('/api/users', { name: name.trim(), role, password });
      onAdded(name.trim().toLowerCase());
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title="Add person" description="Tell them the password; they can change it once they are signed in.">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {problem && <Notice tone="danger" role="alert">{problem}</Notice>}
        <Field label="Name" required hint="Letters, digits, '.', '_', '-', '+' and '@', such as an e-mail address.">
          {(input) => <Input {...input} autoFocus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <RoleChoice value={role} onChange={setRole} />
        <NewPassword label="Password" value={password} onChange={setPassword} />
        <div className="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={busy}>Add person</Button>
        </div>
      </form>
    </Dialog>
  );
}

import { useState } from 'react';
import { api } from '../api/client';
import type { Role } from '../api/types';
import { Field, Input } from '../ui';
import { FormDialog } from './FormDialog';
import { NewPassword } from './NewPassword';
import { RoleChoice } from './RoleChoice';
import { nameRule } from './roles';

/** Adds somebody with a first password, which they can change. */
export function AddPerson({ onClose, onAdded }: { onClose: () => void; onAdded: (name: string) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [password, setPassword] = useState('');
  const submit = async () => {
    await api.post('/api/users', { name: name.trim(), role, password });
    onAdded(name.trim().toLowerCase());
  };
  return (
    <FormDialog
      title="Add person"
      description="Tell them the password; they can change it once they are signed in."
      action="Add person"
      submit={submit}
      onClose={onClose}
    >
      {(problemsOf) => (
        <>
          <Field label="Name" required hint={nameRule} problems={problemsOf('name')}>
            {(input) => <Input {...input} autoFocus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <RoleChoice value={role} onChange={setRole} />
          <NewPassword label="Password" value={password} onChange={setPassword} problems={problemsOf('password')} />
        </>
      )}
    </FormDialog>
  );
}

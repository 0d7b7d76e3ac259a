import { useState } from 'react';
import { api } from '../api/client';
import type { User } from '../api/types';
import { FormDialog } from './FormDialog';
import { NewPassword } from './NewPassword';

/** Sets a new password for somebody who lost theirs. */
export function SetPassword({ user, onClose, onChanged }: { user: User; onClose: () => void; onChanged: () => void }) {
  const [password, setPassword] = useState('');
  const submit = async () => {
    await api.patch(`/api/users/${encodeURIComponent(user.name)}`, { password });
    onChanged();
  };
  return (
    <FormDialog
      title={`Password of ${user.name}`}
      description="Wherever they are signed in now, they are signed out."
      action="Set password"
      submit={submit}
      onClose={onClose}
    >
      {(problemsOf) => <NewPassword value={password} onChange={setPassword} problems={problemsOf('password')} />}
    </FormDialog>
  );
}

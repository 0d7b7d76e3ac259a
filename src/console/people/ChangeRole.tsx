import { useState } from 'react';
import { api } from '../api/client';
import type { User } from '../api/types';
import { FormDialog } from './FormDialog';
import { RoleChoice } from './RoleChoice';

/** Changes what somebody may do. */
export function ChangeRole({ user, onClose, onChanged }: { user: User; onClose: () => void; onChanged: () => void }) {
  const [role, setRole] = useState(user.role);
  const submit = async () => {
    await api.patch(`/api/users/${encodeURIComponent(user.name)}`, { role });
    onChanged();
  };
  return (
    <FormDialog
      title={`Role of ${user.name}`}
      description={`It ends the sessions of ${user.name}: what they were doing, they go on with once they have signed in again.`}
      action="Change role"
      disabled={role === user.role}
      submit={submit}
      onClose={onClose}
    >
      <RoleChoice value={role} onChange={setRole} />
    </FormDialog>
  );
}

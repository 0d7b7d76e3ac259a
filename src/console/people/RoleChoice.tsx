import { useId } from 'react';
import type { Role } from '../api/types';
import { roles } from './roles';

/** One of the roles, with what each may do. */
export function RoleChoice({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const id = useId();
  return (
    <fieldset className="role-choice">
      <legend>Role</legend>
      {roles.map(({ role, name, may }) => (
        <label key={role} data-chosen={role === value || undefined}>
          <input
            type="radio"
            name={id}
            value={role}
            checked={role === value}
            onChange={() => onChange(role)}
            aria-describedby={`${id}-${role}`}
            aria-label={name}
          />
          <span>
            <strong>{name}</strong>
            <span className="field-hint" id={`${id}-${role}`}>
              {may}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

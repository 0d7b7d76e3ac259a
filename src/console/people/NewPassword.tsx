import { useState } from 'react';
import { Field, Input, type Problem } from '../ui';
import { passwordRule } from './roles';

/** A new password that can be looked at while it is entered, so that it need not be entered twice. */
export function NewPassword({
  label = 'New password',
  value,
  onChange,
  problems = [],
}: {
  label?: string;
  value: string;
  onChange: (value: string) => void;
  problems?: Problem[];
}) {
  const [isShown, setShown] = useState(false);
  return (
    <Field
      label={label}
      required
      hint={passwordRule}
      problems={problems}
      aside={
        <button type="button" className="link" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? 'Hide' : 'Show'}
        </button>
      }
    >
      {(input) => (
        <Input
          {...input}
          type={isShown ? 'text' : 'password'}
          autoComplete="new-password"
          minLength={12}
          maxLength={256}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

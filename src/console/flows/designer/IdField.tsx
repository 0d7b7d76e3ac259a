import { useEffect, useState } from 'react';
import { idProblem } from '../../graph/ids';
import { Field, Input, type Problem } from '../../ui';

interface Props {
  id: string;
  taken: Iterable<string>;
  onRename: (to: string) => void;
  label?: string;
  hint?: string;
  problems?: Problem[];
  disabled?: boolean;
}

/** An id. It takes effect, with everything that refers to it, when the person leaves the field or presses Enter. */
export function IdField({ id, taken, onRename, label = 'ID', hint, problems = [], disabled = false }: Props) {
  const [typed, setTyped] = useState(id);
  useEffect(() => setTyped(id), [id]);
  const wrong = typed === id ? undefined : idProblem(typed, taken);
  const commit = () => {
    if (typed !== id && !wrong) onRename(typed);
  };
  return (
    <Field label={label} hint={hint} problems={wrong ? [{ message: wrong }] : problems}>
      {(input) => (
        <Input
          {...input}
          mono
          value={typed}
          disabled={disabled}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => {
            commit();
            if (wrong) setTyped(id);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape' && typed !== id) {
              event.stopPropagation();
              setTyped(id);
            }
          }}
        />
      )}
    </Field>
  );
}

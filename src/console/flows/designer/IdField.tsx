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

/** A name of another kind: it takes effect in the same way. */
export function NameField({
  name,
  onRename,
  label,
  placeholder,
  wrongOf = () => undefined,
  mono = false,
  problems = [],
  disabled = false,
}: {
  name: string;
  onRename: (to: string) => void;
  label: string;
  placeholder?: string;
  wrongOf?: (typed: string) => string | undefined;
  mono?: boolean;
  problems?: Problem[];
  disabled?: boolean;
}) {
  return (
    <Field label={label} problems={problems}>
      {(input) => <NameInput input={input} {...{ name, onRename, placeholder, wrongOf, mono, disabled }} />}
    </Field>
  );
}

/** The input alone, for a field that has its label elsewhere. */
export function NameInput({
  input,
  label,
  name,
  onRename,
  placeholder,
  wrongOf,
  mono = true,
  disabled = false,
}: {
  /** Where nothing that is seen names it. */
  label?: string;
  input: { id: string; 'aria-describedby'?: string | undefined; 'aria-invalid'?: boolean | undefined };
  name: string;
  onRename: (to: string) => void;
  placeholder?: string | undefined;
  wrongOf?: ((typed: string) => string | undefined) | undefined;
  mono?: boolean;
  disabled?: boolean;
}) {
  const [typed, setTyped] = useState(name);
  useEffect(() => setTyped(name), [name]);
  const wrong = typed === name ? undefined : wrongOf?.(typed);
  const commit = () => {
    if (wrong) setTyped(name);
    else if (typed !== name) {
      onRename(typed);
      // Until the person has been asked, the old name stands.
      setTyped(name);
    }
  };
  return (
    <>
      <Input
        {...input}
        {...(label && { 'aria-label': label })}
        mono={mono}
        value={typed}
        placeholder={placeholder}
        disabled={disabled}
        aria-invalid={input['aria-invalid'] || wrong !== undefined || undefined}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || wrong) return;
          // A question may take the focus meanwhile, and must not be answered by the same key.
          event.preventDefault();
          commit();
        }}
      />
      {wrong && <div className="field-problem">{wrong}</div>}
    </>
  );
}

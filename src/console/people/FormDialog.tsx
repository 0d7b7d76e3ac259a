import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { focusProblem } from '../forms/focusProblem';
import { Button, Dialog, Notice, type Problem } from '../ui';
import { fieldOf, messageAtField, messageOf, type PersonField } from './message';

/** The problems of one field of a form that was refused. */
export type ProblemsOf = (field: PersonField) => Problem[];

/** A dialog whose one form does one thing: it stays open, with the reason at the field that it is about, when that fails. */
export function FormDialog({
  title,
  description,
  action,
  disabled,
  submit,
  onClose,
  children,
}: {
  title: string;
  description: string;
  /** What the button says. */
  action: string;
  disabled?: boolean;
  /** Does it; what it throws is told to the person. */
  submit: () => Promise<void>;
  onClose: () => void;
  children: ReactNode | ((problemsOf: ProblemsOf) => ReactNode);
}) {
  const [problem, setProblem] = useState<{ text: string; field: PersonField | undefined }>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const takesFields = typeof children === 'function';
  useEffect(() => {
    if (problem) focusProblem(form.current);
  }, [problem]);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await submit();
    } catch (error) {
      setProblem({ text: takesFields ? messageAtField(error) : messageOf(error), field: fieldOf(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={title} description={description}>
      <form className="stack" ref={form} onSubmit={(event) => void onSubmit(event)}>
        {problem && !(takesFields && problem.field) && (
          <Notice tone="danger" role="alert">
            {problem.text}
          </Notice>
        )}
        {takesFields ? children((field) => (problem?.field === field ? [{ message: problem.text }] : [])) : children}
        <div className="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={busy} disabled={disabled}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, Dialog, Notice } from '../ui';
import { messageOf } from './message';

/** A dialog whose one form does one thing: it stays open, with the reason, when that fails. */
export function FormDialog({ title, description, action, disabled, submit, onClose, children }: {
  title: string;
  description: string;
  /** What the button says. */
  action: string;
  disabled?: boolean;
  /** Does it; what it throws is told to the person. */
  submit: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await submit();
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={title} description={description}>
      <form className="stack" onSubmit={(event) => void onSubmit(event)}>
        {problem && <Notice tone="danger" role="alert">{problem}</Notice>}
        {children}
        <div className="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={busy} disabled={disabled}>{action}</Button>
        </div>
      </form>
    </Dialog>
  );
}

import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { Session } from '../api/types';
import { Button, Dialog, Field, Input, Notice } from '../ui';
import { useSetSession } from './session';
import { signInProblem } from './signInProblem';

/** Over a page whose session ended: signs the same person in again, so that nothing entered is lost. */
export function SignInAgain({ name, onSomebodyElse }: { name: string; onSomebodyElse: () => void }) {
  const setSession = useSetSession();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get('password');
    setBusy(true);
    setProblem(undefined);
    try {
      setSession(await api.post<Session>('/api/session', { name, password }));
    } catch (error) {
      setProblem(signInProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={() => undefined} title="Sign in again" description="Your session has ended. What you entered is still here.">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {problem && (
          <Notice tone="danger" role="alert">
            {problem}
          </Notice>
        )}
        <Field label="Name">{(input) => <Input {...input} autoComplete="username" value={name} readOnly />}</Field>
        <Field label="Password">
          {(input) => <Input {...input} name="password" type="password" autoComplete="current-password" autoFocus required />}
        </Field>
        <div className="dialog-buttons">
          <Button kind="quiet" onClick={onSomebodyElse}>
            Somebody else
          </Button>
          <Button kind="primary" type="submit" busy={busy}>
            Sign in
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

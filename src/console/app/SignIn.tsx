import { useState, type FormEvent } from 'react';
import { Navigate, useLocation } from 'react-router';
import { api } from '../api/client';
import type { Session } from '../api/types';
import { Button, Field, Input, Loading, Notice } from '../ui';
import { Gate } from './Gate';
import { useSession, useSetSession } from './session';
import { signInProblem } from './signInProblem';

/** Signs a person in with name and password. */
export function SignIn() {
  const session = useSession();
  const setSession = useSetSession();
  const location = useLocation();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  if (session.isPending) return <Loading />;
  if (session.data?.user) return <Navigate to={(location.state as { from?: string } | null)?.from ?? '/flows'} replace />;
  if (session.data?.setupRequired) return <Navigate to="/setup" replace />;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(undefined);
    try {
      setSession(await api.post<Session>('/api/session', { name: form.get('name'), password: form.get('password') }));
    } catch (error) {
      setProblem(signInProblem(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Gate title="Sign in" lead="to the FlowEngine console">
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {problem && (
          <Notice tone="danger" role="alert">
            {problem}
          </Notice>
        )}
        <Field label="Name">{(input) => <Input {...input} name="name" autoComplete="username" autoFocus required />}</Field>
        <Field label="Password">
          {(input) => <Input {...input} name="password" type="password" autoComplete="current-password" required />}
        </Field>
        <Button kind="primary" type="submit" busy={busy}>
          Sign in
        </Button>
      </form>
    </Gate>
  );
}

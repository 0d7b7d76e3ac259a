import { useEffect, useRef, useState, useSyncExternalStore, type FormEvent } from 'react';
import { Navigate } from 'react-router';
import { api } from '../api/client';
import { root } from '../api/root';
import type { Session } from '../api/types';
import { focusProblem } from '../forms/focusProblem';
import { fieldOf, messageAtField, type PersonField } from '../people/message';
import { nameRule, passwordRule } from '../people/roles';
import { Button, Field, Input, Loading, Notice } from '../ui';
import { Gate } from './Gate';
import { useSession, useSetSession } from './session';
import { signInProblem } from './signInProblem';

// The link may be opened where this page is open already: then only what stands behind # changes.
const onHash = (changed: () => void) => {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
};

/** Makes the first admin, with the token of the one-time link that the server printed. It stands behind #, so it is in no log. */
export function Setup() {
  const session = useSession();
  const setSession = useSetSession();
  const [problem, setProblem] = useState<{ text: string; field?: PersonField | 'again' | undefined }>();
  const area = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problem) focusProblem(area.current);
  }, [problem]);
  const [busy, setBusy] = useState(false);
  const token = new URLSearchParams(useSyncExternalStore(onHash, () => window.location.hash).slice(1)).get('token');

  if (session.isPending) return <Loading />;
  if (session.data?.user) return <Navigate to="/flows" replace />;
  if (session.data && !session.data.setupRequired) return <Navigate to="/signin" replace />;

  if (!token)
    return (
      <Gate title="Set up the console" lead="Nobody can sign in yet.">
        <Notice>
          When the server started it printed a link, <code>{root}/console/setup#token=…</code>. Open that link to make the first account. It
          is printed again at each start, or make the account on the server: <code>flowengine users add</code>.
        </Notice>
      </Gate>
    );

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (form.get('password') !== form.get('again')) {
      setProblem({ text: 'The two passwords differ.', field: 'again' });
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      setSession(await api.post<Session>('/api/setup', { token, name: form.get('name'), password: form.get('password') }));
    } catch (error) {
      setProblem({ text: fieldOf(error) ? messageAtField(error) : signInProblem(error), field: fieldOf(error) });
    } finally {
      setBusy(false);
    }
  };

  const at = (field: string) => (problem?.field === field ? [{ message: problem.text }] : []);
  return (
    <Gate title="Set up the console" lead="Make the first account. It may do everything.">
      <form className="stack" ref={area} onSubmit={(event) => void submit(event)}>
        {problem && !problem.field && (
          <Notice tone="danger" role="alert">
            {problem.text}
          </Notice>
        )}
        <Field label="Name" hint={nameRule} problems={at('name')}>
          {(input) => <Input {...input} name="name" autoComplete="username" autoFocus required />}
        </Field>
        <Field label="Password" hint={passwordRule} problems={at('password')}>
          {(input) => <Input {...input} name="password" type="password" autoComplete="new-password" minLength={12} required />}
        </Field>
        <Field label="The password again" problems={at('again')}>
          {(input) => <Input {...input} name="again" type="password" autoComplete="new-password" minLength={12} required />}
        </Field>
        <Button kind="primary" type="submit" busy={busy}>
          Make the account
        </Button>
      </form>
    </Gate>
  );
}

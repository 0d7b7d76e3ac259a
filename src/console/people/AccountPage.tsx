import './people.css';
import { useState, type FormEvent } from 'react';
import { api, ApiError } from '../api/client';
import { useSession } from '../app/session';
import { Button, Field, Input, Notice, toast } from '../ui';
import { NewPassword } from './NewPassword';
import { fieldOf, messageOf, type PersonField } from './message';
import { RoleBadge, roles } from './roles';

/** One's own account: who one is, and the password. */
export function AccountPage() {
  const user = useSession().data?.user;
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<{ text: string; field: PersonField | undefined }>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await api.post('/api/session/password', { current, password });
      setCurrent('');
      setPassword('');
      toast('Changed your password. Other sessions have ended.');
    } catch (error) {
      setProblem({
        text: messageOf(error),
        field: error instanceof ApiError && error.code === 'console.credentials' ? 'current' : fieldOf(error),
      });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="page">
      <title>Account · FlowEngine</title>
      <header className="page-head">
        <h1>Account</h1>
      </header>
      {user && (
        <section className="card account-card" aria-label="Who you are">
          <div className="card-body person">
            <span className="avatar" data-size="large" aria-hidden="true">
              {user.name.slice(0, 1).toUpperCase()}
            </span>
            <div>
              <div className="row">
                <h2>{user.name}</h2>
                <RoleBadge role={user.role} />
              </div>
              <p className="muted">
                {roles
                  .slice(0, roles.findIndex((one) => one.role === user.role) + 1)
                  .map((one) => one.may)
                  .join(' ')}
              </p>
            </div>
          </div>
        </section>
      )}
      <section className="card account-card" aria-label="Password">
        <div className="card-head">
          <h2>Change password</h2>
        </div>
        <form className="card-body stack" onSubmit={(event) => void submit(event)}>
          {/* So that password managers know whose it is. */}
          <input type="text" hidden readOnly autoComplete="username" value={user?.name ?? ''} />
          {problem && !problem.field && (
            <Notice tone="danger" role="alert">
              {problem.text}
            </Notice>
          )}
          <Field
            label="Current password"
            required
            problems={problem?.field === 'current' ? [{ message: 'This is not your current password.' }] : []}
          >
            {(input) => (
              <Input
                {...input}
                type="password"
                autoComplete="current-password"
                value={current}
                onChange={(event) => setCurrent(event.target.value)}
              />
            )}
          </Field>
          <NewPassword
            value={password}
            onChange={setPassword}
            problems={problem?.field === 'password' ? [{ message: problem.text }] : []}
          />
          <p className="field-hint">Wherever else you are signed in, you are signed out.</p>
          <div>
            <Button kind="primary" type="submit" busy={busy}>
              Change password
            </Button>
          </div>
        </form>
      </section>
    </div>
  );
}

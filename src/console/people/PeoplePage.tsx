import './people.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, KeyRound, ScrollText, UserCog, UserPlus, UserX } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../api/client';
import type { User } from '../api/types';
import { sessionKey, useMay, useSession } from '../app/session';
import { Badge, Button, Confirm, Failed, IconButton, Loading, Menu, Notice, toast, When } from '../ui';
import { AddPerson } from './AddPerson';
import { ChangeRole } from './ChangeRole';
import { messageOf } from './message';
import { RoleBadge } from './roles';
import { SetPassword } from './SetPassword';

type Task = { is: 'role' | 'password' | 'remove'; user: User };

/** Who may use the console, and as what. */
export function PeoplePage() {
  const [isAdding, setAdding] = useState(false);
  const [task, setTask] = useState<Task>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const session = useSession();
  const isAdmin = useMay('admin');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const people = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => api.get<{ users: User[] }>('/api/users', signal),
    enabled: isAdmin,
  });

  const isSelf = task?.user.name === session.data?.user?.name;
  const close = () => {
    setTask(undefined);
    setProblem(undefined);
  };
  const changed = async (text: string) => {
    toast(text);
    close();
    setAdding(false);
    await queries.invalidateQueries({ queryKey: ['users'] });
    // It may have been oneself.
    await queries.invalidateQueries({ queryKey: sessionKey });
  };
  const remove = async (user: User) => {
    setBusy(true);
    try {
      await api.delete(`/api/users/${encodeURIComponent(user.name)}`);
      await changed(`Removed ${user.name}.`);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };

  if (!isAdmin)
    return (
      <div className="page">
        <h1>People</h1>
        <Notice>Whoever has the role admin manages the people of the console.</Notice>
      </div>
    );
  return (
    <div className="page">
      <title>People · FlowEngine</title>
      <header className="page-head">
        <div>
          <h1>People</h1>
          <p className="lead">Who may use this console, and as what.</p>
        </div>
        <Button kind="primary" icon={<UserPlus />} onClick={() => setAdding(true)}>
          Add person
        </Button>
      </header>
      <div className="card">
        {people.isPending ? (
          <Loading />
        ) : people.isError ? (
          <Failed error={people.error} onRetry={() => void people.refetch()} />
        ) : (
          <div className="table-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Role</th>
                  <th scope="col">Added</th>
                  <th scope="col">Changed</th>
                  <th scope="col">
                    <span className="visually-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {people.data.users.map((user) => (
                  <tr key={user.name}>
                    <th scope="row">
                      <span className="person">
                        <span className="avatar" aria-hidden="true">
                          {user.name.slice(0, 1).toUpperCase()}
                        </span>
                        {user.name}
                        {user.name === session.data?.user?.name && <Badge>You</Badge>}
                      </span>
                    </th>
                    <td data-label="Role">
                      <RoleBadge role={user.role} />
                    </td>
                    <td data-label="Added" className="muted">
                      <When at={user.createdAt} />
                    </td>
                    <td data-label="Changed" className="muted">
                      <When at={user.updatedAt} />
                    </td>
                    <td className="actions">
                      <Menu
                        trigger={<IconButton size="small" label={`Actions for ${user.name}`} icon={<Ellipsis size={16} />} />}
                        entries={[
                          { label: 'Change role', icon: <UserCog />, onSelect: () => setTask({ is: 'role', user }) },
                          { label: 'Set password', icon: <KeyRound />, onSelect: () => setTask({ is: 'password', user }) },
                          {
                            label: 'In the audit log',
                            icon: <ScrollText />,
                            onSelect: () => void navigate(`/audit?actor=${encodeURIComponent(user.name)}`),
                          },
                          null,
                          { label: 'Remove', icon: <UserX />, tone: 'danger', onSelect: () => setTask({ is: 'remove', user }) },
                        ]}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
      {isAdding && <AddPerson onClose={() => setAdding(false)} onAdded={(name) => void changed(`Added ${name}.`)} />}
      {task?.is === 'role' && (
        <ChangeRole user={task.user} onClose={close} onChanged={() => void changed(`Changed the role of ${task.user.name}.`)} />
      )}
      {task?.is === 'password' && (
        <SetPassword user={task.user} onClose={close} onChanged={() => void changed(`Set a new password for ${task.user.name}.`)} />
      )}
      <Confirm
        open={task?.is === 'remove'}
        onClose={close}
        title={`Remove ${task?.user.name ?? ''}?`}
        text={
          <>
            {isSelf ? 'This is you: you are signed out at once. What you did' : `${task?.user.name} is signed out at once. What they did`}{' '}
            stays in the audit log.
            {problem && (
              <span className="confirm-problem" role="alert">
                {problem}
              </span>
            )}
          </>
        }
        action={isSelf ? 'Remove myself' : 'Remove person'}
        keep="Cancel"
        busy={busy}
        onConfirm={() => task && void remove(task.user)}
      />
    </div>
  );
}

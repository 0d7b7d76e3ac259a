import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api } from '../api/client';
import type { Drifted, Environment } from '../api/types';
import { Notice, When } from '../ui';
import { driftOf } from './drifted';

/** What of a kind is no longer as it was applied from a folder; nothing where nothing ever was, or all of it is. */
export function Drift({ kind }: { kind: Drifted['kind'] }) {
  const environment = useQuery({
    queryKey: ['environment'],
    queryFn: ({ signal }) => api.get<Environment>('/api/environment', signal),
  });
  const drifted = environment.data?.drift.filter((item) => item.kind === kind) ?? [];
  if (drifted.length === 0) return null;
  const { appliedAt, appliedBy } = environment.data!;
  return (
    <Notice tone="warning">
      <p>
        {driftOf(drifted)} the folder that {appliedBy} applied <When at={appliedAt!} />:
      </p>
      <ul className="drift">
        {drifted.map(({ id, change }) => (
          <li key={id}>
            {change === 'removed' ? id : <Link to={`/${kind}s/${encodeURIComponent(id)}`}>{id}</Link>}{' '}
            <span className="muted">{told[change]}</span>
          </li>
        ))}
      </ul>
      <p className="muted">
        <code>flowengine diff</code> shows what differs; <code>flowengine apply</code> makes it what the folder says.
      </p>
    </Notice>
  );
}

const told: Record<Drifted['change'], string> = {
  added: 'is not in the folder',
  changed: 'was changed here',
  removed: 'was deleted here',
};

import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { AcceptedFailure } from '../../api/types';
import { acceptedBy } from '../../graph/accepted';
import { When } from '../../ui';

/** Who published each accepted failure first: somebody has to have decided that the flow may go on without the call. */
export function AcceptedBy({ flow, lines }: { flow: string; lines: readonly string[] }) {
  const { data } = useQuery({
    queryKey: ['accepted', flow],
    queryFn: ({ signal }) => api.get<{ accepted: AcceptedFailure[] }>(`/api/flows/${encodeURIComponent(flow)}/accepted`, signal),
    retry: false,
  });
  const entries = acceptedBy(lines, data?.accepted ?? []);
  if (entries.length === 0) return null;
  return (
    <ul className="accepted-by" aria-label="Who accepted them">
      {entries.map(({ failure, by }) => (
        <li key={failure}>
          <code>{failure}</code>{' '}
          {by ? (
            <>
              accepted by {by.author} in version {by.version}, <When at={by.acceptedAt} />
            </>
          ) : (
            'not published yet'
          )}
        </li>
      ))}
    </ul>
  );
}

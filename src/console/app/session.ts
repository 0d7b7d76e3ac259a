import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, setCsrfToken } from '../api/client';
import type { Role, Session } from '../api/types';

const rank: Record<Role, number> = { viewer: 0, designer: 1, admin: 2 };

export const sessionKey = ['session'];

/** Who is signed in. */
export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: async ({ signal }) => remember(await api.get<Session>('/api/session', signal)),
    staleTime: 60_000,
  });
}

/** Whether the person may do what needs that role. The server decides; the console only hides what would be refused. */
export function useMay(role: Role): boolean {
  const { data } = useSession();
  return data?.user ? rank[data.user.role] >= rank[role] : false;
}

/** Takes over the session that a sign-in, a setup or a sign-out answered. */
export function useSetSession(): (session: Session | null) => void {
  const queries = useQueryClient();
  return (session) => {
    if (session) queries.setQueryData(sessionKey, remember(session));
    else {
      setCsrfToken(undefined);
      queries.clear();
    }
  };
}

function remember(session: Session): Session {
  setCsrfToken(session.csrfToken);
  return session;
}

import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import type { RunDetail } from '../api/types';
import { hasEnded, hasExpired } from './list';

/** A run with its trace; read again every second and a half until it ends, while the page is seen. */
export function useRun(id: string) {
  return useQuery({
    queryKey: ['run', id],
    queryFn: ({ signal }) => api.get<RunDetail>(`/api/runs/${encodeURIComponent(id)}`, signal),
    refetchInterval: ({ state: { data } }) => (data && (hasEnded(data) || hasExpired(data, Date.now())) ? false : 1_500),
  });
}

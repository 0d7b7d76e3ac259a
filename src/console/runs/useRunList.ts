import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { toastError } from '../ui';
import { apiQuery, searchOf, type RunFilter } from './filter';
import { extended, listOf, refreshed, type RunList, type RunPage } from './list';

const pageSize = 50;
const interval = 2_000;

/** The runs of a filter: the newest are read again every two seconds while the page is seen, older ones come when they are asked for. */
export function useRunList(filter: RunFilter, isLive: boolean) {
  const queries = useQueryClient();
  const [isLoadingOlder, setLoadingOlder] = useState(false);
  const key = ['runs', searchOf(filter)];

  const list = useQuery({
    queryKey: key,
    queryFn: async ({ signal }): Promise<RunList> => {
      const loaded = queries.getQueryData<RunList>(key)?.runs.length ?? 0;
      const head = await api.get<RunPage>(
        `/api/runs${apiQuery(filter, Date.now(), { limit: Math.min(Math.max(loaded, pageSize), 200) })}`,
        signal,
      );
      const known = queries.getQueryData<RunList>(key);
      return known ? refreshed(known, head) : listOf(head);
    },
    refetchInterval: isLive ? interval : false,
    refetchOnWindowFocus: isLive,
    placeholderData: (previous) => previous,
    staleTime: 0,
  });

  const loadOlder = async () => {
    const cursor = list.data?.next;
    if (!cursor || isLoadingOlder) return;
    setLoadingOlder(true);
    try {
      const page = await api.get<RunPage>(`/api/runs${apiQuery(filter, Date.now(), { cursor, limit: pageSize })}`);
      // A reading of the newest part that is under way would put back the list without this page.
      await queries.cancelQueries({ queryKey: key });
      queries.setQueryData<RunList>(key, (known) => known && extended(known, page));
    } catch (error) {
      toastError(error);
    } finally {
      setLoadingOlder(false);
    }
  };

  return { list, loadOlder, isLoadingOlder };
}

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client';
import type { FlowCounts } from '../../api/types';
import type { ActivityNumbers } from '../../canvas/ActivityNode';

/** The times over which outcomes are counted on the canvas. */
export const periods = [
  { value: 'hour', label: 'Last hour' },
  { value: 'day', label: 'Last day' },
  { value: 'week', label: 'Last week' },
  { value: 'publish', label: 'Since it was published' },
] as const;

export type Since = (typeof periods)[number]['value'];

/** How often each outcome of a flow was taken; undefined while nobody asks. */
export function useNumbers(flowId: string, since: Since | undefined): ReadonlyMap<string, ActivityNumbers> | undefined {
  const counts = useQuery({
    queryKey: ['flow-counts', flowId, since],
    queryFn: ({ signal }) => api.get<FlowCounts>(`/api/flows/${encodeURIComponent(flowId)}/counts?since=${since}`, signal),
    enabled: since !== undefined,
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });
  return useMemo(() => (since && counts.data ? numbersOf(flowId, counts.data) : undefined), [flowId, since, counts.data]);
}

/** What the canvas shows of counts. A number leads to runs of that time: of a failure to those that had it. */
export function numbersOf(flowId: string, counts: FlowCounts): ReadonlyMap<string, ActivityNumbers> {
  const runs = `/runs?flow=${encodeURIComponent(flowId)}&from=${encodeURIComponent(counts.from)}`;
  return new Map(
    counts.activities.map(({ activity, stopped, outcomes }) => [
      activity,
      {
        taken: new Map(outcomes.map(({ outcome, count }) => [outcome, count])),
        stopped,
        runs,
        failures: `${runs}&activity=${encodeURIComponent(activity)}`,
      },
    ]),
  );
}

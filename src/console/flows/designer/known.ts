import { useQueries, useQuery } from '@tanstack/react-query';
import { createContext, useContext, useMemo } from 'react';
import { api } from '../../api/client';
import type { ActivityType, ConnectorHead, FlowDetail, FlowHead, Schema } from '../../api/types';
import { everyActivity, flowOf } from '../../graph/described';
import type { Flow } from '../../graph/flow';
import { catalogueOf, endsOf, type Catalogue } from '../../graph/ports';

export { useSchema } from '../../forms/useSchema';

/** What stands outside the flow that the designer needs to know: types, connectors, other flows. */
export interface KnownThings {
  schema: Schema;
  types: ActivityType[];
  connectors: ConnectorHead[];
  flows: FlowHead[];
  catalogue: Catalogue;
}

export const KnownContext = createContext<KnownThings | undefined>(undefined);

export function useKnown(): KnownThings {
  const known = useContext(KnownContext);
  if (!known) throw new Error('Only inside the designer.');
  return known;
}

export function useConnectorHeads(): ConnectorHead[] {
  const { data } = useQuery({
    queryKey: ['connectors'],
    queryFn: ({ signal }) => api.get<{ connectors: ConnectorHead[] }>('/api/connectors', signal),
  });
  return data?.connectors ?? none;
}

export function useFlowHeads(): FlowHead[] {
  const { data } = useQuery({ queryKey: ['flows'], queryFn: ({ signal }) => api.get<{ flows: FlowHead[] }>('/api/flows', signal) });
  return data?.flows ?? none;
}

const none: never[] = [];

/** The types of activities, and the names of the Ends of the flows that this one calls. */
export function useCatalogue(schema: Schema | undefined, flow: Flow | undefined): Catalogue {
  const called = useMemo(() => (flow && schema ? calledFlows(flow, catalogueOf(schema)) : []), [flow, schema]);
  const names = called.join('\n');
  const ends = useQueries({
    queries: called.map((id) => ({
      queryKey: ['flow', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.get<FlowDetail>(`/api/flows/${encodeURIComponent(id)}`, signal),
      staleTime: 30_000,
    })),
    combine: (results) =>
      JSON.stringify(
        results.map((result) => {
          const definition = result.data?.published?.definition ?? result.data?.draft?.definition;
          return definition && schema ? endsOf(definition, catalogueOf(schema)) : [];
        }),
      ),
  });
  return useMemo(() => {
    const ids = names ? names.split('\n') : [];
    const found = JSON.parse(ends) as string[][];
    return catalogueOf(schema ?? { activities: [], components: [] }, new Map(ids.map((id, index) => [id, found[index] ?? []])));
  }, [schema, names, ends]);
}

const calledFlows = (flow: Flow, catalogue: Catalogue): string[] =>
  [
    ...new Set(
      everyActivity(flow)
        .map((item) => flowOf(item, catalogue))
        .filter(Boolean),
    ),
  ].sort();

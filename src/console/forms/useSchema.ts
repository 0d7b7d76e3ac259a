import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import type { Schema } from '../api/types';

/** What forms are made of; the same for as long as the page lives. */
export const schemaQuery = queryOptions({
  queryKey: ['schema'],
  queryFn: ({ signal }) => api.get<Schema>('/api/schema', signal),
  staleTime: Infinity,
});

export const useSchema = () => useQuery(schemaQuery);

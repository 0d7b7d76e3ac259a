import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { api } from '../api/client';
import type { ConnectorDetail, ConnectorType, Diagnostic, JsonObject } from '../api/types';
import { sameJson } from '../forms';
import { useDebounced } from '../ui';
import { newDefinition } from './definition';

/** A connector as it is being edited: what is stored, what was changed, and what the server says about it. */
export function useConnectorDraft(stored: ConnectorDetail | undefined, type: Pick<ConnectorType, 'type' | 'settings'>) {
  const [base, setBase] = useState(() => ({ definition: stored?.definition ?? newDefinition(type), revision: stored?.revision }));
  const [definition, setDefinition] = useState(base.definition);
  // What a refused save said; it counts until something changes.
  const [refused, setRefused] = useState<{ definition: JsonObject; diagnostics: Diagnostic[] }>();
  const isChanged = !sameJson(definition, base.definition);

  // Somebody else saved: without changes of one's own there is nothing to ask.
  useEffect(() => {
    if (stored && stored.revision !== base.revision && !isChanged) {
      setBase({ definition: stored.definition, revision: stored.revision });
      setDefinition(stored.definition);
    }
  }, [stored, base.revision, isChanged]);

  const checked = useDebounced(definition, 350);
  // A connector without a name of its own yet is checked under another, which says nothing about its settings.
  const toCheck = useMemo(() => (checked['id'] ? checked : { ...checked, id: 'new' }), [checked]);
  const validation = useQuery({
    queryKey: ['connector-check', toCheck],
    queryFn: ({ signal }) => api.post<{ diagnostics: Diagnostic[] }>('/api/connectors/validate', { definition: toCheck }, signal),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    retry: false,
  });

  const diagnostics = useMemo(() => {
    // A new form does not begin with reproaches: what is still to be entered is said once somebody tries to save.
    const found = (validation.data?.diagnostics ?? []).filter(
      (one) => stored !== undefined || refused !== undefined || one.code !== 'flow.required',
    );
    if (!refused || !sameJson(refused.definition, definition)) return found;
    return [
      ...found,
      ...refused.diagnostics.filter((one) => !found.some((other) => other.pointer === one.pointer && other.code === one.code)),
    ];
  }, [validation.data, refused, definition, stored]);

  return {
    definition,
    setDefinition,
    isChanged,
    isNew: stored === undefined,
    revision: base.revision,
    diagnostics,
    isStale: stored !== undefined && stored.revision !== base.revision,
    /** What a refused save said, a new object each time; undefined before. */
    refusal: refused,
    refuse: (found: Diagnostic[]) => setRefused({ definition, diagnostics: found }),
    /** Takes over what is stored now. */
    rebase: (next: JsonObject, revision: number | undefined) => {
      setBase({ definition: next, revision });
      setDefinition(next);
      setRefused(undefined);
    },
  };
}

export type ConnectorDraft = ReturnType<typeof useConnectorDraft>;

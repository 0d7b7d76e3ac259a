import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useBlocker, useParams } from 'react-router';
import { useMay } from '../app/session';
import { api } from '../api/client';
import type { Diagnostic, FlowDetail, JsonObject, Schema, StretchWait } from '../api/types';
import type { Flow } from '../graph/flow';
import { sameJson } from '../graph/json';
import { locate } from '../graph/problems';
import { Confirm, Failed, Loading, toast } from '../ui';
import { Designer } from './designer/Designer';
import { DraftSaver } from './designer/draftSaver';
import { KnownContext, useCatalogue, useConnectorHeads, useFlowHeads, useSchema, type KnownThings } from './designer/known';
import { createDesigner, DesignerContext, prepared, useDesigner, useDesignerStore, type DesignerStore } from './designer/store';

/** Opens a flow: its draft, or what is published. */
export function DesignerPage() {
  const { id = '' } = useParams();
  const schema = useSchema();
  const detail = useQuery({
    queryKey: ['flow', id],
    queryFn: ({ signal }) => api.get<FlowDetail>(`/api/flows/${encodeURIComponent(id)}`, signal),
  });
  const definition = detail.data?.draft?.definition ?? detail.data?.published?.definition;
  const catalogue = useCatalogue(schema.data, definition);
  const mayEdit = useMay('designer');

  if (schema.isError || detail.isError)
    return (
      <Failed
        error={(schema.error ?? detail.error)!}
        onRetry={() => {
          void schema.refetch();
          void detail.refetch();
        }}
      />
    );
  if (!schema.data || !detail.data || !definition) return <Loading />;
  return <Opened key={id} detail={detail.data} definition={definition} schema={schema.data} catalogue={catalogue} readOnly={!mayEdit} />;
}

function Opened({
  detail,
  definition,
  schema,
  catalogue,
  readOnly,
}: {
  detail: FlowDetail;
  definition: JsonObject;
  schema: Schema;
  catalogue: ReturnType<typeof useCatalogue>;
  readOnly: boolean;
}) {
  const connectors = useConnectorHeads();
  const flows = useFlowHeads();
  const [{ store, saver, repaired }] = useState(() => {
    const ready = prepared(definition);
    const store = createDesigner(detail.id, ready.flow, catalogue, readOnly);
    const saver = new DraftSaver(
      {
        put: (next, revision) =>
          api.put<{ revision: number }>(`/api/flows/${encodeURIComponent(detail.id)}/draft`, { definition: next, revision }),
        onState: (save) => store.getState().set({ save }),
      },
      detail.draft?.revision ?? null,
    );
    return { store, saver, repaired: ready.repaired };
  });
  useEffect(() => {
    if (repaired.length) toast(`Two activities had the same id, or none. Renamed: ${repaired.join(', ')}.`);
  }, [repaired]);

  const known: KnownThings = useMemo(
    () => ({ schema, types: schema.activities, connectors, flows, catalogue }),
    [schema, connectors, flows, catalogue],
  );
  return (
    <DesignerContext value={store}>
      <KnownContext value={known}>
        <Working detail={detail} saver={saver} schema={schema} />
      </KnownContext>
    </DesignerContext>
  );
}

/** Everything that goes on beside the drawing: saving, checking, noticing what others do. */
function Working({ detail, saver, schema }: { detail: FlowDetail; saver: DraftSaver; schema: Schema }) {
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const save = useDesigner((state) => state.save);
  const base = useSaving(store, saver, detail, flow);
  useChecking(store, flow);

  // A Subflow that is added, or that calls another flow now, has that flow's Ends as outcomes.
  const catalogue = useCatalogue(schema, flow);
  useEffect(() => store.getState().set({ catalogue }), [store, catalogue]);

  const isUnsafe = save.kind === 'conflict' || save.kind === 'failing';
  const blocker = useBlocker(({ currentLocation, nextLocation }) => isUnsafe && currentLocation.pathname !== nextLocation.pathname);
  return (
    <>
      <Designer detail={detail} saver={saver} base={base} />
      {blocker.state === 'blocked' && (
        <Confirm
          open
          onClose={() => blocker.reset()}
          title="Leave without saving?"
          text="The last changes are not saved yet."
          action="Leave without saving"
          onConfirm={() => blocker.proceed()}
        />
      )}
    </>
  );
}

function useSaving(store: DesignerStore, saver: DraftSaver, detail: FlowDetail, flow: Flow): JsonObject {
  const queries = useQueryClient();
  // What this page and the server agreed on last: what a conflict is told from.
  const base = useRef<JsonObject>(detail.draft?.definition ?? detail.published?.definition ?? flow);
  const seen = useRef(flow);
  useEffect(() => {
    if (flow === seen.current) return;
    seen.current = flow;
    if (flow === store.getState().quiet) {
      store.getState().set({ quiet: undefined });
      return;
    }
    if (!store.getState().readOnly) saver.change(flow);
  }, [store, saver, flow]);

  useEffect(
    () =>
      store.subscribe((state, before) => {
        if (state.save.kind !== 'saved' || before.save.kind === 'saved') return;
        base.current = state.flow;
        // The list of flows, and this flow when it is opened again, show what was saved.
        queries.setQueryData<FlowDetail>(['flow', detail.id], (old) =>
          old && saver.revision !== null
            ? {
                ...old,
                draft: { author: '', updatedAt: new Date().toISOString(), ...old.draft, revision: saver.revision, definition: state.flow },
              }
            : old,
        );
        void queries.invalidateQueries({ queryKey: ['flows'], refetchType: 'none' });
      }),
    [store, saver, queries, detail.id],
  );

  // The query is asked again when the window gets the focus: what others saved is taken over, as long as nothing of one's own is unsaved.
  useEffect(() => {
    const theirs = detail.draft?.revision ?? null;
    if (!saver.isClean || theirs === saver.revision) return;
    const definition = detail.draft?.definition ?? detail.published?.definition;
    if (theirs !== null && saver.revision !== null && theirs < saver.revision) return;
    saver.reset(theirs);
    if (!definition || sameJson(definition, store.getState().flow)) return;
    base.current = definition;
    store.getState().take(definition, 'Take the other changes');
    if (detail.draft) toast(`${detail.draft.author || 'Somebody'} changed this flow; it is shown as it is now.`);
  }, [store, saver, detail]);

  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      if (saver.isClean) return;
      void saver.flush();
      event.preventDefault();
    };
    const flush = () => {
      if (document.visibilityState === 'hidden') void saver.flush();
    };
    const blur = () => void saver.flush();
    window.addEventListener('beforeunload', leave);
    window.addEventListener('blur', blur);
    document.addEventListener('visibilitychange', flush);
    const again = () => void saver.flush();
    window.addEventListener('online', again);
    return () => {
      window.removeEventListener('beforeunload', leave);
      window.removeEventListener('blur', blur);
      document.removeEventListener('visibilitychange', flush);
      window.removeEventListener('online', again);
      void saver.flush().finally(() => saver.stop());
    };
  }, [saver]);
  return base.current;
}

/** Asks the compiler a moment after each change. */
function useChecking(store: DesignerStore, flow: Flow): void {
  const catalogueReady = useDesigner((state) => state.catalogue);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { diagnostics, waits } = await api.post<{ diagnostics: Diagnostic[]; waits: StretchWait[] }>(
          '/api/flows/validate',
          { definition: flow },
          stop.signal,
        );
        store.getState().set({ problems: locate(flow, diagnostics), waits, isChecked: true });
      } catch {
        // Without an answer the last problems stay; saving says that the server is away.
      }
    }, 400);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [store, flow, catalogueReady]);
}

import { useCallback, useMemo, type Ref } from 'react';
import { FlowCanvas, type CanvasHandle } from '../../canvas/FlowCanvas';
import { connect, moveActivities, reconnect } from '../../graph/edit';
import type { Connection, Position } from '../../graph/flow';
import { byActivity, isStillToCome } from '../../graph/problems';
import { marksOf, walkOf } from '../../runs/walk';
import { useKnown } from './known';
import { add, listed, openScreen, placed, useDesigner, useDesignerStore } from './store';
import { screenOf } from '../../graph/described';
import { activity } from '../../graph/flow';

/** The canvas of the open flow. */
export function Stage({ handle }: { handle: Ref<CanvasHandle> }) {
  const store = useDesignerStore();
  const { types, connectors } = useKnown();
  const flow = useDesigner((state) => state.flow);
  const catalogue = useDesigner((state) => state.catalogue);
  const readOnly = useDesigner((state) => state.readOnly);
  const selection = useDesigner((state) => state.selection);
  const connection = useDesigner((state) => state.connection);
  const problems = useDesigner((state) => state.problems);
  const fresh = useDesigner((state) => state.fresh);
  const tryPath = useDesigner((state) => state.tryPath);

  const onPlaces = useCallback((places: ReadonlyMap<string, Position>) => store.getState().set({ places }), [store]);
  const counts = useMemo(() => {
    const found = new Map<string, { errors: number; warnings: number }>();
    for (const [id, own] of byActivity(
      flow,
      problems.filter((problem) => !isStillToCome(problem, fresh)),
      catalogue,
    )) {
      const errors = own.filter((problem) => problem.severity === 'error').length;
      found.set(id, { errors, warnings: own.length - errors });
    }
    return found;
  }, [flow, problems, fresh, catalogue]);
  // A try is drawn as a run is: by the same functions.
  const { marks, lit, jumps } = useMemo(() => {
    const walk = tryPath && walkOf({ ...tryPath, screen: null, updatedAt: '', definition: flow });
    return walk ? { marks: marksOf(walk), lit: walk.taken, jumps: walk.jumps } : { marks: undefined, lit: undefined, jumps: undefined };
  }, [flow, tryPath]);

  const onSelect = useCallback(
    (ids: ReadonlySet<string>) => {
      store.getState().select(ids);
    },
    [store],
  );
  const onClick = useCallback(() => store.getState().set({ isSideOpen: true }), [store]);
  const onSelectConnection = useCallback(
    (id: string | undefined) =>
      store.getState().set({ connection: id, ...(id !== undefined && { selection: new Set<string>(), isSideOpen: true }) }),
    [store],
  );
  const onMove = useCallback(
    (moved: ReadonlyMap<string, Position>) =>
      store.getState().apply(`Move ${listed([...moved.keys()])}`, (before) => moveActivities(placed(store, before), moved)),
    [store],
  );
  const onConnect = useCallback(
    (to: Connection) => {
      store.getState().apply(`Connect ${to.port} of ${to.source} to ${to.target}`, (before) => connect(before, to));
      store.getState().announce(`${to.port} of ${to.source} now leads to ${to.target}`);
    },
    [store],
  );
  const onReconnect = useCallback(
    (old: Connection, to: Connection) =>
      store.getState().apply(`Connect ${to.port} of ${to.source} to ${to.target}`, (before) => reconnect(before, old, to)),
    [store],
  );
  const onDropType = useCallback(
    (name: string, at: Position) => {
      const type = types.find((one) => one.type === name);
      if (type) add(store, type, { catalogue: store.getState().catalogue, connectors }, at);
    },
    [store, types, connectors],
  );
  const onOpen = useCallback(
    (id: string) => {
      const state = store.getState();
      const item = activity(state.flow, id);
      const shown = item && screenOf(item, state.catalogue);
      if (shown) openScreen(store, shown);
      else store.getState().set({ isSideOpen: true });
    },
    [store],
  );

  return (
    <FlowCanvas
      label="Canvas"
      flow={flow}
      catalogue={catalogue}
      onPlaces={onPlaces}
      counts={counts}
      marks={marks}
      lit={lit}
      jumps={jumps}
      selection={selection}
      selectedConnection={connection}
      readOnly={readOnly}
      onSelect={onSelect}
      onSelectConnection={onSelectConnection}
      onMove={onMove}
      onConnect={onConnect}
      onReconnect={onReconnect}
      onDropType={onDropType}
      onClick={onClick}
      onOpen={onOpen}
      handle={handle}
    />
  );
}

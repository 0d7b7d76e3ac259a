import { useCallback, useMemo, useState, type Ref } from 'react';
import { NumbersContext } from '../../canvas/ActivityNode';
import { FlowCanvas, type CanvasHandle, type MenuTarget } from '../../canvas/FlowCanvas';
import type { Writing } from '../../canvas/Notes';
import { isAutomatic } from '../../graph/layout';
import { changeNote, groupsOf, notesOf, removeGroup, removeNote, renameGroup } from '../../graph/notes';
import { CanvasMenu } from './CanvasMenu';
import { connect, moveActivities, reconnect } from '../../graph/edit';
import type { Connection, Position } from '../../graph/flow';
import { byActivity, isStillToCome } from '../../graph/problems';
import { marksOf, walkOf } from '../../runs/walk';
import { useKnown } from './known';
import { useNumbers } from './numbers';
import { add, listed, openScreen, placed, useDesigner, useDesignerStore } from './store';
import { screenOf } from '../../graph/described';
import { activity } from '../../graph/flow';

const outcomeOf = (connection: string): { source: string; port: string } => {
  const [source, port] = connection.split('\n') as [string, string];
  return { source, port };
};

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
  const since = useDesigner((state) => state.since);
  const numbers = useNumbers(store.getState().flowId, since);

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
    (name: string, at: Position, connection: string | undefined) => {
      const type = types.find((one) => one.type === name);
      const spot = connection === undefined ? { at } : { on: outcomeOf(connection), at };
      if (type)
        add(
          store,
          type,
          { catalogue: store.getState().catalogue, connectors },
          isAutomatic(store.getState().flow) && spot.on ? { on: spot.on } : spot,
        );
    },
    [store, types, connectors],
  );
  const onAddAt = useCallback(
    (on: { source: string; port: string } | undefined, at: Position | undefined) => {
      if (!store.getState().readOnly) store.getState().set({ dialog: 'add', spot: { ...(on && { on }), ...(at && { at }) } });
    },
    [store],
  );
  const [menu, setMenu] = useState<MenuTarget>();
  const onMenu = useCallback(
    (on: MenuTarget) => {
      setMenu(on);
      const { selection, select, set } = store.getState();
      if (on.activity !== undefined && !selection.has(on.activity)) select([on.activity]);
      else if (on.connection !== undefined) set({ connection: on.connection, selection: new Set<string>() });
    },
    [store],
  );
  const writing = useMemo((): Writing => {
    const own = { notes: notesOf(flow), groups: groupsOf(flow) };
    const { apply } = store.getState();
    if (readOnly) return own;
    return {
      ...own,
      onNote: (index, change) => apply('Change a note', (before) => changeNote(before, index, change), `note ${index}`),
      onRemoveNote: (index) => apply('Remove a note', (before) => removeNote(before, index)),
      onGroup: (index, title) => apply('Change the title of a group', (before) => renameGroup(before, index, title), `group ${index}`),
      onRemoveGroup: (index) => apply('Ungroup', (before) => removeGroup(before, index)),
    };
  }, [store, flow, readOnly]);
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
    <NumbersContext value={numbers}>
      <CanvasMenu on={menu}>
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
          onAddAt={onAddAt}
          onMenu={onMenu}
          writing={writing}
          handle={handle}
        />
      </CanvasMenu>
    </NumbersContext>
  );
}

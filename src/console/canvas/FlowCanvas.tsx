import '@xyflow/react/dist/base.css';
import './canvas.css';
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  ControlButton,
  Controls,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStore,
  type Connection as FlowConnection,
  type FinalConnectionState,
  type NodeChange,
} from '@xyflow/react';
import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type DragEvent,
  type ReactNode,
  type Ref,
} from 'react';
import { startOf, type Connection, type Flow, type Position } from '../graph/flow';
import { isAutomatic, type Room } from '../graph/layout';
import { heightFor, nodeWidth, step } from '../graph/size';
import type { Catalogue } from '../graph/ports';
import { Loading } from '../ui';
import { Maximize, Minus, Plus } from 'lucide-react';
import { ActivityNode, AddContext } from './ActivityNode';
import { ConnectionEdge } from './ConnectionEdge';
import { legible, useDrawing, type Drawing } from './drawing';
import { Notes, type Writing } from './Notes';
import { Overview } from './Overview';
import {
  edgesOf,
  nodesOf,
  viewsOf,
  type ActivityNodeType,
  type ActivityView,
  type ConnectionEdgeType,
  type Jump,
  type Mark,
} from './views';

const nodeTypes = { activity: ActivityNode };
const edgeTypes = { connection: ConnectionEdge };
const grid: [number, number] = [step, step];

/** What is dragged from the palette. */
export const paletteType = 'application/x-flowengine-activity';

export interface CanvasHandle {
  /** Shows an activity and puts the focus on it. */
  focus: (id: string) => void;
  /** Moves until an activity is in sight; the focus stays where it is. */
  reveal: (id: string) => void;
  /** Shows some activities together, as small as need be; the focus stays where it is. */
  show: (ids: Iterable<string>) => void;
  /** Shows everything. */
  fit: () => void;
  /** The middle of what is seen. */
  centre: () => Position;
}

export interface CanvasProps {
  flow: Flow;
  catalogue: Catalogue;
  /** Where the activities stand, each time that this changes. */
  onPlaces?: (places: ReadonlyMap<string, Position>) => void;
  counts?: ReadonlyMap<string, { errors: number; warnings: number }>;
  marks?: ReadonlyMap<string, Mark> | undefined;
  /** The activities that a value came through; the others fade. Undefined while nobody asks. */
  origins?: ReadonlySet<string> | undefined;
  /** The connections on a run's path; the others fade. */
  lit?: ReadonlySet<string> | undefined;
  /** The numbers of a run's steps at each activity. */
  steps?: ReadonlyMap<string, readonly string[]> | undefined;
  /** Moves of a run that no connection says. */
  jumps?: readonly Jump[] | undefined;
  selection?: ReadonlySet<string>;
  selectedConnection?: string | undefined;
  readOnly?: boolean;
  label?: string;
  onSelect?: (ids: ReadonlySet<string>) => void;
  onSelectConnection?: (id: string | undefined) => void;
  onMove?: (places: ReadonlyMap<string, Position>) => void;
  onConnect?: (connection: Connection) => void;
  onReconnect?: (old: Connection, to: Connection) => void;
  /** Something was dragged from the palette to a place, perhaps on a connection. */
  onDropType?: (type: string, at: Position, connection: string | undefined) => void;
  /** An activity is wanted at an outcome, perhaps at a place; or at a place alone. */
  onAddAt?: (outcome: { source: string; port: string } | undefined, at: Position | undefined) => void;
  /** What is under the pointer when its menu is asked for. */
  onMenu?: (on: MenuTarget) => void;
  /** Notes and groups beside the activities. */
  writing?: Writing;
  /** An activity was clicked; or, to open it, clicked twice. */
  onClick?: (id: string) => void;
  onOpen?: (id: string) => void;
  /** It stands: what is to be seen first can be asked for. */
  onReady?: () => void;
  handle?: Ref<CanvasHandle>;
  children?: ReactNode;
}

/** What a menu is for. */
export interface MenuTarget {
  activity?: string | undefined;
  connection?: string | undefined;
  at: Position;
}

const noCounts = new Map<string, never>();
const noSelection: ReadonlySet<string> = new Set();

/** What stays free around a flow that is shown whole: above, for the mark of the start and the buttons there. */
const around = { top: 72, right: 16, bottom: 24, left: 16 };
/** A canvas of a phone: fingers move it, and not what is on it. */
const phone = 560;
const largest = 1.1;

/** A flow, drawn. It can be moved and zoomed; unless it is read only, activities can be moved and connected. */
export function FlowCanvas(props: CanvasProps) {
  const { flow, catalogue, jumps, onPlaces } = props;
  const root = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<Room>();
  const measure = useCallback(() => {
    const { clientWidth, clientHeight } = root.current!;
    const width = clientWidth - around.left - around.right;
    const height = clientHeight - around.top - around.bottom;
    setRoom((old) => (old && old.width === width && old.height === height ? old : { width, height }));
  }, []);
  useLayoutEffect(measure, [measure]);
  const drawing = useDrawing(flow, catalogue, room, jumps);
  const kept = drawing?.kept;
  useEffect(() => {
    if (kept) onPlaces?.(kept);
  }, [kept, onPlaces]);
  return (
    <div className="canvas" ref={root} role="group" aria-label={props.label ?? 'Flow'} data-routed={drawing?.isRouted || undefined}>
      {drawing ? (
        <ReactFlowProvider>
          <Inner {...props} root={root} drawing={drawing} isNarrow={room !== undefined && room.width < phone} onMeasure={measure} />
        </ReactFlowProvider>
      ) : (
        <Loading />
      )}
    </div>
  );
}

function Inner({
  root,
  drawing,
  isNarrow,
  onMeasure,
  flow,
  catalogue,
  counts = noCounts,
  marks,
  origins,
  lit,
  steps,
  jumps,
  selection = noSelection,
  selectedConnection,
  readOnly = false,
  onSelect,
  onSelectConnection,
  onMove,
  onConnect,
  onReconnect,
  onDropType,
  onAddAt,
  onMenu,
  writing,
  onClick,
  onOpen,
  onReady,
  handle,
  children,
}: CanvasProps & { root: React.RefObject<HTMLDivElement | null>; drawing: Drawing; isNarrow: boolean; onMeasure: () => void }) {
  const { places } = drawing;
  const instance = useReactFlow<ActivityNodeType, ConnectionEdgeType>();
  const [current, setCurrent] = useState<string>();
  const lastViews = useRef<ReadonlyMap<string, ActivityView>>(new Map());
  const views = useMemo(
    () => (lastViews.current = viewsOf({ flow, catalogue, counts, marks, origins, steps, canConnect: !readOnly }, lastViews.current)),
    [flow, catalogue, counts, marks, origins, steps, readOnly],
  );

  const start = startOf(flow);
  const stop = current !== undefined && views.has(current) ? current : views.has(start) ? start : views.keys().next().value;
  const [nodes, setNodes] = useState<ActivityNodeType[]>(() => nodesOf(views, places, selection, stop, []));
  useEffect(() => setNodes((before) => nodesOf(views, places, selection, stop, before)), [views, places, selection, stop]);

  // The connection under what is dragged, and the one under the pointer.
  const [drop, setDrop] = useState<string>();
  const [hovered, setHovered] = useState<{ words: string; x: number; y: number }>();
  const lastEdges = useRef<ConnectionEdgeType[]>([]);
  const edges = useMemo(
    () =>
      (lastEdges.current = edgesOf(
        flow,
        views,
        drawing,
        { selected: selectedConnection, chosen: selection, drop },
        lit,
        lastEdges.current,
        jumps,
      )),
    [flow, views, drawing, selectedConnection, selection, drop, lit, jumps],
  );

  // While activities are dragged their places live here; the flow learns of them when they are let go.
  const chosen = useRef(selection);
  chosen.current = selection;
  const onNodesChange = useCallback(
    (changes: NodeChange<ActivityNodeType>[]) => {
      const known = changes.filter((change) => change.type === 'position' || change.type === 'select');
      if (known.length === 0) return;
      setNodes((before) => applyNodeChanges(known, before));
      const selects = known.filter((change) => change.type === 'select');
      if (selects.length === 0) return;
      const next = new Set(chosen.current);
      for (const change of selects) change.selected ? next.add(change.id) : next.delete(change.id);
      chosen.current = next;
      onSelect?.(next);
    },
    [onSelect],
  );

  const onNodeDragStop = useCallback(
    (_: unknown, __: unknown, dragged: ActivityNodeType[]) => {
      onMove?.(new Map(dragged.map((node) => [node.id, node.position])));
    },
    [onMove],
  );

  const connected = useCallback(
    ({ source, sourceHandle, target }: FlowConnection) => {
      if (sourceHandle) onConnect?.({ source, port: sourceHandle, target });
    },
    [onConnect],
  );

  // A connection may be let go anywhere on an activity, not only on its small circle.
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const from = state.fromHandle;
      if (state.isValid || !from?.id || from.type !== 'source') return;
      const point = 'changedTouches' in event ? event.changedTouches[0] : event;
      const over = point && document.elementFromPoint(point.clientX, point.clientY)?.closest<HTMLElement>('.react-flow__node');
      const target = over?.dataset['id'];
      if (target) onConnect?.({ source: from.nodeId, port: from.id, target });
      // Let go over the empty, what comes next is asked for there.
      else if (point)
        onAddAt?.({ source: from.nodeId, port: from.id }, placeFor(instance.screenToFlowPosition({ x: point.clientX, y: point.clientY })));
    },
    [onConnect, onAddAt, instance],
  );

  const reconnected = useCallback(
    (edge: ConnectionEdgeType, to: FlowConnection) => {
      if (to.sourceHandle)
        onReconnect?.(
          { source: edge.source, port: edge.sourceHandle!, target: edge.target },
          { source: to.source, port: to.sourceHandle, target: to.target },
        );
    },
    [onReconnect],
  );

  const reveal = useCallback(
    (id: string) => {
      const node = instance.getInternalNode(id);
      const box = root.current?.getBoundingClientRect();
      if (!node || !box) return;
      const { x, y, zoom } = instance.getViewport();
      const { x: nodeX, y: nodeY } = node.internals.positionAbsolute;
      const [left, top, width, height] = [nodeX * zoom + x, nodeY * zoom + y, nodeWidth * zoom, (node.height ?? 0) * zoom];
      const margin = 32;
      const isInside = left >= margin && top >= margin && left + width <= box.width - margin && top + height <= box.height - margin;
      if (!isInside) void instance.setCenter(nodeX + nodeWidth / 2, nodeY + (node.height ?? 0) / 2, { zoom: Math.max(zoom, 0.6) });
    },
    [instance],
  );

  const focus = useCallback(
    (id: string) => {
      setCurrent(id);
      reveal(id);
      // What was out of sight is drawn only now. A dialog that has opened meanwhile keeps the focus.
      let tries = 20;
      const take = () => {
        const element = root.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
        if (element && !element.closest('[aria-hidden="true"]')) element.focus({ preventScroll: true });
        else if (tries-- > 0) requestAnimationFrame(take);
      };
      requestAnimationFrame(take);
    },
    [reveal],
  );

  // The whole flow with its lines, as the canvas shows it: what is fitted stays so while panels come and go, until a person moves it.
  const isFitted = useRef(true);
  // How small it may become while it follows what changes: by itself as small as can be read, when a person asks for all of it, any size.
  const least = useRef(legible);
  const latest = useRef({ drawing, views });
  latest.current = { drawing, views };
  const showBounds = useCallback(
    (ids: Iterable<string> | undefined, least: number, duration: number): boolean => {
      const box = root.current;
      if (!box) return false;
      const { drawing, views } = latest.current;
      const bounds = boundsOf(drawing, views, ids);
      if (!bounds) return false;
      const [wide, tall] = [box.clientWidth - around.left - around.right, box.clientHeight - around.top - around.bottom];
      const zoom = Math.min(largest, wide / bounds.width, tall / bounds.height);
      if (zoom < least) return false;
      const x = around.left + (wide - bounds.width * zoom) / 2 - bounds.x * zoom;
      const y = around.top + (tall - bounds.height * zoom) / 2 - bounds.y * zoom;
      void instance.setViewport({ x, y, zoom }, duration && !isStill() ? { duration } : undefined);
      return true;
    },
    [instance, root],
  );
  // What would be too small to be read begins with its start: on a phone as wide as the canvas.
  const begin = useCallback(() => {
    const box = root.current;
    const bounds = boundsOf(latest.current.drawing, latest.current.views);
    if (!box || !bounds || showBounds(undefined, legible, 0)) return;
    isFitted.current = false;
    const wide = box.clientWidth - around.left - around.right;
    const zoom = isNarrow ? Math.max(legible, Math.min(largest, wide / bounds.width)) : 0.7;
    const first = latest.current.drawing.places.get(startOf(flow)) ?? bounds;
    // Rows go on below their first one; what people placed may go on anywhere.
    const top = isNarrow || isAutomatic(flow) ? around.top - bounds.y * zoom : box.clientHeight / 2 - 60 - first.y * zoom;
    void instance.setViewport({ x: isNarrow ? around.left - bounds.x * zoom : 56 - first.x * zoom, y: top, zoom });
  }, [instance, flow, isNarrow, root, showBounds]);
  const fit = useCallback(
    (duration = 200) => {
      isFitted.current = true;
      least.current = 0;
      onMeasure();
      showBounds(undefined, 0, duration);
    },
    [onMeasure, showBounds],
  );

  // Where places have changed by themselves, what was shown whole still is.
  const isWhole = drawing.isRelaid || isAutomatic(flow);
  useEffect(() => {
    if (isFitted.current && (isWhole || drawing.isRouted)) isFitted.current = showBounds(undefined, least.current, 0);
  }, [drawing, isWhole, showBounds]);

  // Panels take room from the canvas, and give it back.
  useEffect(() => {
    let isFirst = true;
    const observer = new ResizeObserver(() => {
      if (!isFirst && isFitted.current) showBounds(undefined, legible, 0);
      isFirst = false;
    });
    observer.observe(root.current!);
    return () => observer.disconnect();
  }, [root, showBounds]);

  useImperativeHandle(
    handle,
    () => ({
      focus,
      reveal,
      show: (ids) => void showBounds(ids, 0, 200),
      fit: () => fit(),
      centre: () => {
        const box = root.current!.getBoundingClientRect();
        return instance.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
      },
    }),
    [fit, focus, instance, reveal, root, showBounds],
  );

  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(paletteType);
    if (!type || !onDropType) return;
    event.preventDefault();
    setDrop(undefined);
    const at = instance.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    onDropType(type, placeFor(at), connectionAt(event.clientX, event.clientY));
  };
  const describe = (edge: ConnectionEdgeType, event: { clientX: number; clientY: number }) => {
    const box = root.current!.getBoundingClientRect();
    const title = (id: string) => views.get(id)?.title ?? id;
    const words = `${edge.data?.port ? `${edge.data.port}: ` : ''}${title(edge.source)} → ${title(edge.target)}`;
    setHovered({ words, x: event.clientX - box.left, y: event.clientY - box.top });
  };
  const addAt = useMemo(() => onAddAt && ((source: string, port: string) => onAddAt({ source, port }, undefined)), [onAddAt]);

  return (
    <div
      className="canvas-ground"
      onDragOver={(event) => {
        if (!onDropType || !event.dataTransfer.types.includes(paletteType)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        setDrop(connectionAt(event.clientX, event.clientY));
      }}
      onDragLeave={() => setDrop(undefined)}
      onDrop={onDrop}
      onDoubleClick={(event) => {
        if ((event.target as HTMLElement).classList.contains('react-flow__pane'))
          onAddAt?.(undefined, placeFor(instance.screenToFlowPosition({ x: event.clientX, y: event.clientY })));
      }}
      onContextMenu={(event) => {
        const target = event.target as HTMLElement;
        onMenu?.({
          activity: target.closest<HTMLElement>('.react-flow__node')?.dataset['id'],
          connection: target.closest<HTMLElement>('.react-flow__edge')?.dataset['id'],
          at: placeFor(instance.screenToFlowPosition({ x: event.clientX, y: event.clientY })),
        });
      }}
    >
      <AddContext value={readOnly ? undefined : addAt}>
        <ReactFlow<ActivityNodeType, ConnectionEdgeType>
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onNodeDragStop={onNodeDragStop}
          onSelectionDragStop={(event, dragged) => onNodeDragStop(event, undefined, dragged)}
          onNodeClick={(event, node) => {
            setCurrent(node.id);
            onSelectConnection?.(undefined);
            if (!event.ctrlKey && !event.metaKey && !event.shiftKey) onClick?.(node.id);
          }}
          onNodeDoubleClick={(_, node) => onOpen?.(node.id)}
          onEdgeClick={(_, edge) => onSelectConnection?.(edge.id)}
          onEdgeMouseEnter={(event, edge) => describe(edge, event)}
          onEdgeMouseLeave={() => setHovered(undefined)}
          onPaneClick={() => onSelectConnection?.(undefined)}
          onConnect={connected}
          onConnectEnd={onConnectEnd}
          onReconnect={reconnected}
          edgesReconnectable={!readOnly}
          nodesDraggable={!readOnly && !isNarrow && !drawing.isRelaid}
          nodesConnectable={!readOnly}
          connectionRadius={28}
          snapToGrid
          snapGrid={grid}
          minZoom={0.05}
          maxZoom={2}
          onInit={() => {
            begin();
            onReady?.();
          }}
          onMoveStart={(event) => {
            if (event) isFitted.current = false;
          }}
          onlyRenderVisibleElements
          elevateEdgesOnSelect={false}
          deleteKeyCode={null}
          selectionMode={SelectionMode.Partial}
          multiSelectionKeyCode={['Meta', 'Control', 'Shift']}
          disableKeyboardA11y
          zoomOnDoubleClick={false}
          proOptions={{ hideAttribution: true }}
        >
          <Far root={root} />
          <Background variant={BackgroundVariant.Dots} gap={24} size={1.6} color="var(--canvas-dot)" />
          <Overview views={views} places={places} />
          <Zoom onFit={() => fit()} onZoom={() => (isFitted.current = false)} />
          {writing && <Notes writing={writing} views={views} places={places} />}
          {children}
        </ReactFlow>
      </AddContext>
      {hovered && (
        <div className="connection-hint" style={{ insetInlineStart: hovered.x, insetBlockStart: hovered.y }}>
          {hovered.words}
        </div>
      )}
    </div>
  );
}

/** Where an activity stands that is put down with its middle under the pointer, on the grid. */
const placeFor = ({ x, y }: Position): Position => ({
  x: Math.round((x - nodeWidth / 2) / step) * step,
  y: Math.round((y - 3 * step) / step) * step,
});

/** The connection at a point of the window. */
const connectionAt = (x: number, y: number): string | undefined =>
  document.elementFromPoint(x, y)?.closest<HTMLElement>('.react-flow__edge')?.dataset['id'];

/** Words stay as large as they must be to be read. When everything else is small the summaries go, from afar all but titles. */
function Far({ root }: { root: React.RefObject<HTMLDivElement | null> }) {
  // In steps, so that words do not change in every frame.
  const zoom = useStore((state) => Math.floor(state.transform[2] * 50) / 50);
  useLayoutEffect(() => {
    root.current?.toggleAttribute('data-far', zoom < legible);
    root.current?.toggleAttribute('data-small', zoom < 0.5);
    root.current?.style.setProperty('--zoom', String(Math.max(0.05, zoom)));
  }, [zoom, root]);
  return null;
}

function Zoom({ onFit, onZoom }: { onFit: () => void; onZoom: () => void }) {
  const instance = useReactFlow();
  return (
    <Controls
      className="canvas-controls"
      showInteractive={false}
      showFitView={false}
      showZoom={false}
      position="bottom-left"
      aria-label="Zoom"
    >
      <ControlButton
        title="Zoom In"
        aria-label="Zoom In"
        onClick={() => {
          onZoom();
          void instance.zoomIn();
        }}
      >
        <Plus />
      </ControlButton>
      <ControlButton
        title="Zoom Out"
        aria-label="Zoom Out"
        onClick={() => {
          onZoom();
          void instance.zoomOut();
        }}
      >
        <Minus />
      </ControlButton>
      <ControlButton title="Fit View" aria-label="Fit View" onClick={onFit}>
        <Maximize />
      </ControlButton>
    </Controls>
  );
}

const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The rectangle around some activities; with all of them, around their lines too. */
function boundsOf({ places, routes }: Drawing, views: ReadonlyMap<string, ActivityView>, ids?: Iterable<string>) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (x: number, y: number) => {
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  };
  for (const id of ids ?? views.keys()) {
    const at = places.get(id);
    if (!at) continue;
    take(at.x, at.y);
    take(at.x + nodeWidth, at.y + heightFor(views.get(id)?.ports.length ?? 1));
  }
  if (!ids) for (const points of routes.values()) for (const { x, y } of points) take(x, y);
  return left < right ? { x: left, y: top, width: right - left, height: bottom - top } : undefined;
}

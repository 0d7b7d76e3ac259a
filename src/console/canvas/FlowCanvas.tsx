import '@xyflow/react/dist/base.css';
import './canvas.css';
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
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
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, type DragEvent, type ReactNode, type Ref } from 'react';
import { startOf, type Connection, type Flow, type Position } from '../graph/flow';
import { nodeWidth } from '../graph/size';
import type { Catalogue } from '../graph/ports';
import { ActivityNode } from './ActivityNode';
import { ConnectionEdge } from './ConnectionEdge';
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
const grid: [number, number] = [8, 8];

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
  places: ReadonlyMap<string, Position>;
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
  /** How small everything may become to be seen at once. */
  smallest?: number;
  label?: string;
  onSelect?: (ids: ReadonlySet<string>) => void;
  onSelectConnection?: (id: string | undefined) => void;
  onMove?: (places: ReadonlyMap<string, Position>) => void;
  onConnect?: (connection: Connection) => void;
  onReconnect?: (old: Connection, to: Connection) => void;
  onDropType?: (type: string, at: Position) => void;
  /** An activity was clicked; or, to open it, clicked twice. */
  onClick?: (id: string) => void;
  onOpen?: (id: string) => void;
  /** It stands: what is to be seen first can be asked for. */
  onReady?: () => void;
  handle?: Ref<CanvasHandle>;
  children?: ReactNode;
}

const noCounts = new Map<string, never>();
const noSelection: ReadonlySet<string> = new Set();

/** A flow, drawn. It can be moved and zoomed; unless it is read only, activities can be moved and connected. */
export function FlowCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Inner {...props} />
    </ReactFlowProvider>
  );
}

function Inner({
  flow,
  catalogue,
  places,
  counts = noCounts,
  marks,
  origins,
  lit,
  steps,
  jumps,
  selection = noSelection,
  selectedConnection,
  readOnly = false,
  smallest = 0.42,
  label = 'Flow',
  onSelect,
  onSelectConnection,
  onMove,
  onConnect,
  onReconnect,
  onDropType,
  onClick,
  onOpen,
  onReady,
  handle,
  children,
}: CanvasProps) {
  const fit = useMemo(() => ({ padding: 0.12, maxZoom: 1.1, minZoom: smallest }), [smallest]);
  const root = useRef<HTMLDivElement>(null);
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

  const lastEdges = useRef<ConnectionEdgeType[]>([]);
  const edges = useMemo(
    () => (lastEdges.current = edgesOf(flow, views, selectedConnection, lit, lastEdges.current, jumps)),
    [flow, views, selectedConnection, lit, jumps],
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
    },
    [onConnect],
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

  // A flow that would be too small to read begins with its start.
  const begin = useCallback(() => {
    // It is told a moment later, when the canvas may be gone again.
    const box = root.current?.getBoundingClientRect();
    if (!box) return;
    const all = instance.getNodesBounds(instance.getNodes());
    const zoom = Math.min(box.width / all.width, box.height / all.height) / (1 + fit.padding);
    const first = instance.getInternalNode(startOf(flow))?.internals.positionAbsolute ?? all;
    if (all.width > 0 && zoom < smallest)
      void instance.setViewport({ x: 56 - first.x * 0.7, y: box.height / 2 - 60 - first.y * 0.7, zoom: 0.7 });
    else void instance.fitView(fit);
  }, [instance, flow, fit, smallest]);

  useImperativeHandle(
    handle,
    () => ({
      focus,
      reveal,
      show: (ids) => void instance.fitView({ ...fit, minZoom: 0.2, duration: 200, nodes: Array.from(ids, (id) => ({ id })) }),
      fit: () => void instance.fitView({ ...fit, duration: 200 }),
      centre: () => {
        const box = root.current!.getBoundingClientRect();
        return instance.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
      },
    }),
    [fit, focus, instance, reveal],
  );

  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(paletteType);
    if (!type || !onDropType) return;
    event.preventDefault();
    const at = instance.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    onDropType(type, { x: at.x - nodeWidth / 2, y: at.y - 28 });
  };

  return (
    <div
      className="canvas"
      ref={root}
      role="group"
      aria-label={label}
      onDragOver={(event) => {
        if (!onDropType || !event.dataTransfer.types.includes(paletteType)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      }}
      onDrop={onDrop}
    >
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
        onPaneClick={() => onSelectConnection?.(undefined)}
        onConnect={connected}
        onConnectEnd={onConnectEnd}
        onReconnect={reconnected}
        edgesReconnectable={!readOnly}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        connectionRadius={28}
        snapToGrid
        snapGrid={grid}
        minZoom={0.08}
        maxZoom={2}
        onInit={() => {
          begin();
          onReady?.();
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
        <Controls className="canvas-controls" showInteractive={false} fitViewOptions={fit} position="bottom-left" aria-label="Zoom" />
        {children}
      </ReactFlow>
    </div>
  );
}

/** From afar words cannot be read: they are left out, which keeps large flows quick. */
function Far({ root }: { root: React.RefObject<HTMLDivElement | null> }) {
  const isFar = useStore((state) => state.transform[2] < 0.4);
  useEffect(() => {
    root.current?.toggleAttribute('data-far', isFar);
  }, [isFar, root]);
  return null;
}

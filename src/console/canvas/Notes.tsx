import { useReactFlow, ViewportPortal } from '@xyflow/react';
import { X } from 'lucide-react';
import { useRef, useState, type PointerEvent } from 'react';
import type { Position } from '../graph/flow';
import type { Group, Note } from '../graph/notes';
import { heightFor, nodeWidth, step } from '../graph/size';
import type { ActivityView } from './views';

export interface Writing {
  notes: readonly Note[];
  groups: readonly Group[];
  onNote?: (index: number, change: Partial<Note>) => void;
  onRemoveNote?: (index: number) => void;
  onGroup?: (index: number, title: string) => void;
  onRemoveGroup?: (index: number) => void;
}

/** What people wrote beside the activities: notes, and frames with a title around some of them. */
export function Notes({
  writing,
  views,
  places,
}: {
  writing: Writing;
  views: ReadonlyMap<string, ActivityView>;
  places: ReadonlyMap<string, Position>;
}) {
  return (
    <ViewportPortal>
      {writing.groups.map((group, index) => (
        <Frame key={index} group={group} index={index} writing={writing} views={views} places={places} />
      ))}
      {writing.notes.map((note, index) => (
        <Sheet key={index} note={note} index={index} writing={writing} />
      ))}
    </ViewportPortal>
  );
}

function Sheet({ note, index, writing: { onNote, onRemoveNote } }: { note: Note; index: number; writing: Writing }) {
  const instance = useReactFlow();
  const grip = useRef<{ x: number; y: number }>(undefined);
  const [dragged, setDragged] = useState<Position>();
  const at = dragged ?? note;
  const begin = (event: PointerEvent<HTMLDivElement>) => {
    if (!onNote || (event.target as HTMLElement).closest('button')) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { x: event.clientX, y: event.clientY };
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    if (!grip.current) return;
    const zoom = instance.getZoom();
    setDragged({ x: note.x + (event.clientX - grip.current.x) / zoom, y: note.y + (event.clientY - grip.current.y) / zoom });
  };
  const end = () => {
    grip.current = undefined;
    if (dragged) onNote?.(index, { x: Math.round(dragged.x / step) * step, y: Math.round(dragged.y / step) * step });
    setDragged(undefined);
  };
  return (
    <div className="canvas-note nopan nodrag nowheel" style={{ insetInlineStart: at.x, insetBlockStart: at.y }}>
      <div className="canvas-note-bar" onPointerDown={begin} onPointerMove={move} onPointerUp={end} onPointerCancel={end}>
        {onRemoveNote && (
          <button type="button" aria-label={`Remove note ${index + 1}`} onClick={() => onRemoveNote(index)}>
            <X size={13} />
          </button>
        )}
      </div>
      <textarea
        aria-label={`Note ${index + 1}`}
        value={note.text}
        placeholder="Write a note"
        readOnly={!onNote}
        maxLength={2000}
        rows={1}
        onChange={(event) => onNote?.(index, { text: event.target.value })}
      />
    </div>
  );
}

const around = 2 * step;

function Frame({
  group,
  index,
  writing: { onGroup, onRemoveGroup },
  views,
  places,
}: {
  group: Group;
  index: number;
  writing: Writing;
  views: ReadonlyMap<string, ActivityView>;
  places: ReadonlyMap<string, Position>;
}) {
  const boxes = group.activities.flatMap((id) => {
    const at = places.get(id);
    return at ? [{ ...at, right: at.x + nodeWidth, bottom: at.y + heightFor(views.get(id)?.ports.length ?? 1) }] : [];
  });
  if (boxes.length === 0) return null;
  const [left, top] = [Math.min(...boxes.map((box) => box.x)) - around, Math.min(...boxes.map((box) => box.y)) - around];
  return (
    <div
      className="canvas-group"
      style={{
        insetInlineStart: left,
        insetBlockStart: top,
        inlineSize: Math.max(...boxes.map((box) => box.right)) + around - left,
        blockSize: Math.max(...boxes.map((box) => box.bottom)) + around - top,
      }}
    >
      <div className="canvas-group-title nopan nodrag">
        <input
          aria-label={`Title of group ${index + 1}`}
          value={group.title}
          placeholder="Title"
          disabled={!onGroup}
          maxLength={100}
          onChange={(event) => onGroup?.(index, event.target.value)}
        />
        {onRemoveGroup && (
          <button type="button" aria-label={`Ungroup ${group.title || `group ${index + 1}`}`} onClick={() => onRemoveGroup(index)}>
            <X size={13} />
          </button>
        )}
      </div>
    </div>
  );
}

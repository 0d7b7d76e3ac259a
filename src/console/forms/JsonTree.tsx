import './jsonTree.css';
import { ChevronRight, EyeOff, Link2 } from 'lucide-react';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { isExactNumber } from '../api/json';
import type { Json } from '../api/types';
import { copyText, toast, toastError } from '../ui';
import { pathOf } from '../graph/contextPath';
import { jsonRows, longText, sizeOf, withoutMasks, type JsonRow } from './jsonRows';

interface Props {
  value: Json;
  /** What the tree is, for screen readers. */
  label: string;
  /** Where the value stands in the context. Where it is given, each line's path can be copied. */
  at?: (string | number)[];
  /** How many levels begin open. */
  depth?: number;
  /** What can be done with the line at a place, behind {@link Props.at}; undefined for nothing. */
  actionOf?: ((segments: readonly (string | number)[]) => LineAction | undefined) | undefined;
}

/** What a line of a tree does when it is clicked, or Enter is pressed on it. */
export interface LineAction {
  label: string;
  run: () => void;
}

/**
 * JSON as a tree. Arrow keys move and fold, Enter folds, or does what the line is for, C copies the path of a line. What was redacted is
 * shown as such.
 */
export function JsonTree({ value, label, at, depth = 2, actionOf }: Props) {
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [focused, setFocused] = useState<string>();
  const tree = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => jsonRows(value, at ?? [], folds, depth), [value, at, folds, depth]);
  const current = Math.max(
    0,
    rows.findIndex((row) => row.key === focused),
  );

  const fold = (row: JsonRow, isOpen: boolean) => setFolds(new Map(folds).set(row.key, isOpen));
  const focus = (index: number) => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (!row) return;
    setFocused(row.key);
    tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[rows.indexOf(row)]?.focus();
  };
  const copy = async (row: JsonRow) => {
    const path = pathOf(row.segments);
    try {
      await copyText(path);
      toast(`Copied ${path}`);
    } catch (error) {
      toastError(error);
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[current];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    switch (event.key) {
      case 'ArrowDown':
        focus(current + 1);
        break;
      case 'ArrowUp':
        focus(current - 1);
        break;
      case 'Home':
        focus(0);
        break;
      case 'End':
        focus(rows.length - 1);
        break;
      case 'ArrowRight':
        if (row.isOpen === false) fold(row, true);
        else if (row.isOpen) focus(current + 1);
        break;
      case 'ArrowLeft':
        if (row.isOpen) fold(row, false);
        else focus(rows.findLastIndex((other, index) => index < current && other.level < row.level));
        break;
      case 'Enter':
      case ' ':
        if (row.isOpen !== undefined) fold(row, !row.isOpen);
        else if (!row.rest && actionOf?.(row.segments)) actionOf(row.segments)!.run();
        else return;
        break;
      case 'c':
        if (!at || row.rest) return;
        void copy(row);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <div className="json-tree" role="tree" aria-label={label} ref={tree} onKeyDown={onKeyDown}>
      {rows.map((row, index) => {
        const action = row.rest || row.isOpen !== undefined ? undefined : actionOf?.(row.segments);
        return (
          <div
            key={row.key}
            className="json-row"
            data-acts={action ? true : undefined}
            title={action?.label}
            role="treeitem"
            aria-level={row.level}
            aria-posinset={row.position}
            aria-setsize={row.siblings}
            aria-expanded={row.isOpen}
            tabIndex={index === current ? 0 : -1}
            style={{ paddingInlineStart: `${(row.level - 1) * 1.1 + 0.35}rem` }}
            onFocus={() => setFocused(row.key)}
            onClick={() => {
              if (window.getSelection()?.toString()) return;
              if (row.isOpen !== undefined) fold(row, !row.isOpen);
              else action?.run();
            }}
          >
            <span className="json-fold" aria-hidden="true">
              {row.isOpen !== undefined && !row.rest && <ChevronRight />}
            </span>
            {row.rest ? (
              <span className="json-more">Show {row.rest} more</span>
            ) : (
              <>
                <span className="json-text">
                  {row.name !== undefined && (
                    <span className="json-name" data-index={typeof row.name === 'number' || undefined}>
                      {row.name}
                    </span>
                  )}
                  <Value row={row} />
                </span>
                {at && (
                  <button
                    type="button"
                    className="json-copy"
                    tabIndex={-1}
                    aria-label={`Copy the path ${pathOf(row.segments)}`}
                    title={`Copy the path ${pathOf(row.segments)}`}
                    onClick={(event) => {
                      event.stopPropagation();
                      void copy(row);
                    }}
                  >
                    <Link2 aria-hidden="true" />
                  </button>
                )}
              </>
            )}
          </div>
        );
      })}
    </div>
  );
}

function Value({ row: { value, isOpen } }: { row: JsonRow }) {
  if (typeof value === 'string') {
    const shown = value.length > longText && !isOpen ? `${value.slice(0, longText)}…` : value;
    return (
      <span className="json-value" data-kind="text">
        {value === '' ? '""' : <Redacted text={shown} />}
      </span>
    );
  }
  if (isExactNumber(value))
    return (
      <span className="json-value" data-kind="number">
        {value.value}
      </span>
    );
  if (value === null || typeof value !== 'object')
    return (
      <span className="json-value" data-kind={value === null ? 'null' : typeof value}>
        {String(value)}
      </span>
    );
  return isOpen ? null : (
    <span className="json-value" data-kind="size">
      {sizeOf(value)}
    </span>
  );
}

/** A text in which what the server took out is shown as taken out. */
export const Redacted = ({ text }: { text: string }) => (
  <>
    {withoutMasks(text).map((part, index) =>
      index % 2 === 0 ? (
        part
      ) : (
        <span className="masked" key={index} title="Not shown: a secret, or a value made with one">
          <EyeOff aria-hidden="true" />
          hidden
        </span>
      ),
    )}
  </>
);

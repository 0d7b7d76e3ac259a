import './flows.css';
import { Minus, Pencil, Plus, Settings2 } from 'lucide-react';
import { useMemo } from 'react';
import type { Change } from '../api/types';
import { changeTotals, groupChanges, type ChangeGroup, type ChangeLine } from '../graph/changes';
import { Badge } from '../ui';

const tones = { added: 'success', removed: 'danger', changed: 'info' } as const;
const words = { added: 'added', removed: 'removed', changed: 'changed' };

/** A diff in words: by activity and screen, setting by setting. */
export function ChangeList({ changes, empty = 'Nothing differs.' }: { changes: readonly Change[]; empty?: string }) {
  const groups = useMemo(() => groupChanges(changes), [changes]);
  if (groups.length === 0) return <p className="muted">{empty}</p>;
  return (
    <div className="changes">
      <p className="muted">{changeTotals(groups)}</p>
      {groups.map((group) => (
        <Group group={group} key={`${group.kind} ${group.id}`} />
      ))}
    </div>
  );
}

function Group({ group }: { group: ChangeGroup }) {
  const title = group.kind === 'flow' ? 'Flow settings' : group.name && group.name !== group.id ? `${group.name} (${group.id})` : group.id;
  return (
    <section className="change-group" aria-label={title}>
      <header>
        <h3>
          {group.kind === 'flow' && <Settings2 size={14} aria-hidden="true" />} {title}
        </h3>
        <span className="muted">{group.kind === 'flow' ? '' : group.kind}</span>
        <Badge tone={tones[group.change]}>{words[group.change]}</Badge>
      </header>
      {group.lines.length > 0 && (
        <ul>
          {group.lines.map((line, index) => (
            <Line line={line} key={index} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Line({ line }: { line: ChangeLine }) {
  const Icon = line.change === 'added' ? Plus : line.change === 'removed' ? Minus : Pencil;
  const isLong = [line.before, line.after].some((value) => value !== undefined && (value.length > 60 || value.includes('\n')));
  return (
    <li className="change-line" data-change={line.change}>
      <Icon size={13} aria-hidden="true" />
      <div>
        <span>{line.sentence}</span>
        {(line.before !== undefined || line.after !== undefined) && (
          <div className="change-values" data-long={isLong || undefined}>
            {line.before !== undefined && line.change !== 'added' && (
              <del>
                <span className="visually-hidden">before: </span>
                {line.before}
              </del>
            )}
            {line.after !== undefined && line.change !== 'removed' && (
              <ins>
                <span className="visually-hidden">now: </span>
                {line.after}
              </ins>
            )}
          </div>
        )}
      </div>
    </li>
  );
}

import { CircleX, CornerDownRight, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import type { RunDetail } from '../api/types';
import { KindIcon } from '../canvas/kinds';
import { durationText } from './duration';
import { hasEnded } from './list';
import type { Entry } from './walk';

interface Props {
  entries: readonly Entry[];
  chosen: string | undefined;
  onChoose: (number: string) => void;
  run: RunDetail;
}

/** The steps of a run in order. Up and down go from step to step. */
export function Timeline({ entries, chosen, onChoose, run }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const longest = Math.max(...entries.map((entry) => entry.step.durationMs), 1);
  const waits = !hasEnded(run);

  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const onKeyDown = (event: KeyboardEvent) => {
    // Where the focus is, not what is chosen: that comes later than a quick second key.
    const steps = [...list.current!.querySelectorAll<HTMLElement>('.timeline-step')];
    const at = steps.indexOf(event.target as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    const entry = to === undefined ? undefined : entries[to];
    if (!entry) return;
    event.preventDefault();
    onChoose(entry.number);
    steps[to!]?.focus();
  };

  return (
    <section className="card timeline" aria-label="Timeline">
      <div className="card-head">
        <h2>Timeline</h2>
        <span className="muted">
          {entries.length} {entries.length === 1 ? 'step' : 'steps'}
        </span>
      </div>
      <ol ref={list} onKeyDown={onKeyDown}>
        {entries.map((entry, index) => {
          const { step } = entry;
          const isLast = index === entries.length - 1;
          return (
            <li key={entry.number} style={{ paddingInlineStart: `${Math.min(entry.depth, 4) * 1.1}rem` }}>
              <button
                type="button"
                className="timeline-step"
                data-failed={step.error ? true : undefined}
                aria-current={entry.number === chosen ? 'step' : undefined}
                onClick={() => onChoose(entry.number)}
              >
                <span className="step-number">{entry.number}</span>
                <KindIcon type={step.type} />
                <span className="step-main">
                  <span className="step-name">
                    {entry.depth > 0 && <CornerDownRight aria-hidden="true" />}
                    {entry.name}
                  </span>
                  <span className="step-outcome">
                    {step.error ? <CircleX aria-label="Error:" className="is-danger" /> : null}
                    <span>{step.outcome ?? (step.error ? step.error.code : isLast && waits ? 'waits' : step.type)}</span>
                    {step.warnings?.length ? (
                      <TriangleAlert aria-label={`${step.warnings.length} warnings`} className="is-warning" />
                    ) : null}
                  </span>
                </span>
                <span className="step-time">
                  <span>{durationText(step.durationMs)}</span>
                  <span className="step-bar" aria-hidden="true">
                    <span style={{ inlineSize: `${Math.max(2, (step.durationMs / longest) * 100)}%` }} />
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

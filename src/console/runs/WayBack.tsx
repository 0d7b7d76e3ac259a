import { CornerLeftUp } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { writeJson } from '../api/json';
import type { Json } from '../api/types';
import { KindIcon, useType } from '../canvas/kinds';
import { Redacted } from '../forms/JsonTree';
import type { Lineage, Origin, Source } from './lineage';
import type { Entry } from './walk';

interface Props {
  entry: Entry;
  /** The way back that is open; undefined for none. */
  open: Origin | undefined;
  /** Opens that of a value, by its name; closes it where none is given. */
  onShow: (to: string | undefined) => void;
  /** Goes to a step. */
  onStep: (number: string) => void;
}

/** Where what a step was given came from: each of its values, and of the one that is open the whole way back. */
export function WayBack({ entry, open, onShow, onStep }: Props) {
  const id = useId();
  const values = entry.step.lineage ?? [];
  const list = useRef<HTMLUListElement>(null);
  const opened = open?.lineage.to;

  useEffect(() => {
    // Whoever clicked a claim further up sees what came of it.
    if (opened !== undefined) list.current?.querySelector('[aria-expanded="true"]')?.parentElement?.scrollIntoView({ block: 'nearest' });
  }, [opened]);

  return (
    <ul className="lineage" ref={list}>
      {values.map((lineage, index) => {
        const isOpen = open?.lineage === lineage;
        return (
          <li key={index}>
            <button
              type="button"
              className="lineage-value"
              aria-expanded={isOpen}
              aria-controls={isOpen ? `${id}${index}` : undefined}
              data-value={lineage.to}
              onClick={() => onShow(isOpen ? undefined : lineage.to)}
            >
              <code>{lineage.to}</code>
              <span className="muted">
                from <code>{lineage.from.map((source) => source.path).join(', ')}</code>
              </span>
            </button>
            {isOpen && (
              <div id={`${id}${index}`} className="lineage-way" role="group" aria-label={`Where ${lineage.to} came from`}>
                <Made lineage={lineage} />
                <Sources sources={open.sources} onStep={onStep} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** By what a value was made. */
const Made = ({ lineage }: { lineage: Lineage }) => (
  <p className="lineage-expression">
    {lineage.expression !== undefined && <code>{lineage.expression}</code>}
    {lineage.connector !== undefined && <span className="muted">in the connector {lineage.connector}</span>}
  </p>
);

const Sources = ({ sources, onStep }: { sources: readonly Source[]; onStep: Props['onStep'] }) => (
  <ol className="lineage-sources">
    {sources.map((source, index) => (
      <li key={index}>
        <Written source={source} onStep={onStep} />
        {source.origins.length > 0 && (
          <ul className="lineage-origins">
            {source.origins.map((origin, inner) => (
              <li key={inner}>
                <code>{origin.lineage.to}</code>
                {origin.isKnown ? <span className="muted"> as above</span> : <Made lineage={origin.lineage} />}
                {!origin.isKnown && <Sources sources={origin.sources} onStep={onStep} />}
              </li>
            ))}
          </ul>
        )}
      </li>
    ))}
  </ol>
);

/** A path, what stood there, and who wrote it. */
function Written({ source: { path, entry, value }, onStep }: { source: Source; onStep: Props['onStep'] }) {
  const waits = useType(entry?.step.type ?? '')?.waits === true;
  return (
    <p className="lineage-source">
      <CornerLeftUp aria-hidden="true" />
      <code className="lineage-path">{path}</code>
      {value !== undefined && (
        <span className="lineage-shown">
          <Redacted text={shown(value)} />
        </span>
      )}
      {entry ? (
        <span>
          {waits ? 'entered at ' : 'by '}
          <button type="button" className="lineage-step" onClick={() => onStep(entry.number)}>
            <KindIcon type={entry.step.type} size={13} /> {entry.number}. {entry.name}
          </button>
        </span>
      ) : (
        <span className="muted">{unwritten[path.split(/[.[]/)[0]!] ?? 'nothing before wrote it'}</span>
      )}
    </p>
  );
}

const unwritten: Record<string, string> = {
  client: 'given when the run began',
  flow: 'known of the run itself',
  device: 'known of the device',
};

function shown(value: Json): string {
  const text = typeof value === 'string' ? value : writeJson(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

import type { ReactNode } from 'react';
import { writeJson } from '../api/json';
import type { Json, JsonObject } from '../api/types';
import { KindIcon, useType } from '../canvas/kinds';
import { JsonTree, Redacted, type LineAction } from '../forms/JsonTree';
import { useAdvice } from '../forms/useAdvice';
import { pathOf, type Segment } from '../graph/contextPath';
import { isObject, objects, text } from '../graph/json';
import { Badge, CopyButton, Notice } from '../ui';
import { changesOf, statusCodeOf, writtenTo } from './change';
import { durationText } from './duration';
import { lineageOf, lineageOfInput, type Lineage, type Origin } from './lineage';
import type { Entry } from './walk';
import { WayBack } from './WayBack';

interface Props {
  entry: Entry;
  entries: readonly Entry[];
  /** The way back from one of its values that is open. */
  origin: Origin | undefined;
  /** Opens the way back from a value, by its name; closes it where none is given. */
  onOrigin: (to: string | undefined) => void;
  /** Goes to a step. */
  onStep: (number: string) => void;
}

/** What can be asked of the values of a step: where each came from. */
interface Asked {
  entry: Entry;
  /** What a value does that has lineage. */
  actionOf: (lineage: Lineage | undefined) => LineAction | undefined;
}

/** What one step was given, where that came from, what came of it, and what it changed. */
export function StepDetail({ entry, entries, origin, onOrigin, onStep }: Props) {
  const adviceOf = useAdvice();
  const { step } = entry;
  const changes = changesOf(entry, entries);
  const type = useType(step.type);
  const clears = type?.clears ?? [];
  const started = new Date(step.startedAt);
  const asked: Asked = {
    entry,
    actionOf: (lineage) => lineage && { label: `Where ${lineage.to} came from`, run: () => onOrigin(lineage.to) },
  };

  return (
    <section className="card step-detail" aria-label={`Step ${entry.number}`} key={entry.number}>
      <div className="card-head">
        <div className="row">
          <KindIcon type={step.type} />
          <h2>
            {entry.number}. {entry.name}
          </h2>
          <span className="muted">{step.type}</span>
          {step.outcome && <Badge tone={step.error ? 'danger' : 'accent'}>{step.outcome}</Badge>}
        </div>
        <span className="muted step-when">
          <time dateTime={step.startedAt} title={step.startedAt}>
            {started.toLocaleTimeString()}
          </time>{' '}
          · {durationText(step.durationMs)}
        </span>
      </div>
      <div className="card-body stack">
        {step.activity.includes('/') && (
          <p className="muted">
            In the subflow <code>{step.activity.slice(0, step.activity.lastIndexOf('/'))}</code>.
          </p>
        )}
        {step.error && (
          <Notice tone="danger">
            <p>
              <strong>
                <Redacted text={step.error.message} />
              </strong>{' '}
              <code>{step.error.code}</code>
            </p>
            {step.error.event && (
              <p className="muted">
                {step.error.event}
                {step.outcome ? '' : ', handled automatically'}
              </p>
            )}
            {adviceOf(step.error.code) && <p>{adviceOf(step.error.code)}</p>}
          </Notice>
        )}
        {step.warnings?.map((warning, index) => (
          <Notice tone="warning" key={index}>
            <Redacted text={warning.message} /> <code>{warning.code}</code>
          </Notice>
        ))}
        {step.message !== undefined && (
          <Notice tone="info">
            The person is told: <Redacted text={step.message} />
          </Notice>
        )}
        {step.dropped !== undefined && (
          <Notice tone="info">
            {step.dropped === 1 ? 'One name was' : `${step.dropped} names were`} given that nobody declared, and not taken.
          </Notice>
        )}
        {step.queued && (
          <Notice tone="info">
            The call was stored with the run, and is delivered by the server until it has arrived. Its delivery is a step of its own below,
            once it is over.
          </Notice>
        )}
        {type?.trace === 'exchange' ? (
          <Exchange {...asked} />
        ) : type?.trace === 'statement' ? (
          <Query {...asked} />
        ) : (
          <Plain {...asked} waits={type?.waits === true} isSilent={clears.length > 0} />
        )}
        {(step.lineage?.length ?? 0) > 0 && (
          <Part title="Where it came from">
            <WayBack entry={entry} open={origin} onShow={onOrigin} onStep={onStep} />
          </Part>
        )}
        {clears.length > 0 ? (
          <Part title="Context change">
            <p>
              Emptied:{' '}
              {clears.map((root) => (
                <code key={root}>{root} </code>
              ))}
            </p>
          </Part>
        ) : (
          changes.length > 0 && (
            <Part title="Context change" aside={<span className="muted">A line’s path can be copied</span>}>
              {changes.map((change) => {
                const path = change.at.join('.');
                return (
                  <div className="context-change" key={path}>
                    <div className="context-path">
                      <code>{path}</code>
                      <CopyButton text={path} label={`Copy the path ${path}`} />
                    </div>
                    {change.value !== undefined && (
                      <JsonTree label={`Written to ${path}`} value={change.value} at={change.at} depth={1} actionOf={written(asked)} />
                    )}
                  </div>
                );
              })}
            </Part>
          )
        )}
      </div>
    </section>
  );
}

/** The lineage of what a step put at a place of the context. */
const written =
  ({ entry, actionOf }: Asked) =>
  (segments: readonly Segment[]): LineAction | undefined =>
    actionOf(lineageOf(entry.step, pathOf(segments)));

/** A request and its answer. */
function Exchange({ entry, actionOf }: Asked) {
  const { input, output } = entry.step;
  const at = writtenTo(entry);
  const status = statusCodeOf(entry.step);
  return (
    <>
      {isObject(input) && (
        <Part title="Request">
          <p className="request-line">
            <strong>{text(input['method'])}</strong>{' '}
            <code>
              <Redacted text={text(input['url'])} />
            </code>
          </p>
          <Pairs
            label="Request headers"
            pairs={input['headers']}
            actionOf={(name) => actionOf(lineageOf(entry.step, pathOf(['headers', name])))}
          />
          <Body
            label="Request body"
            value={input['body']}
            actionOf={(segments) => actionOf(lineageOf(entry.step, pathOf(['body', ...segments])))}
          />
          {typeof input['encoded'] === 'string' && (
            <>
              <p className="muted">As it was sent:</p>
              <pre className="code-block" data-wrap tabIndex={0} aria-label="Request body as it was sent">
                <Redacted text={input['encoded']} />
              </pre>
            </>
          )}
        </Part>
      )}
      {isObject(output) && (
        <Part title="Answer" aside={status !== undefined && <Badge tone={status < 400 ? 'success' : 'danger'}>{status}</Badge>}>
          <Pairs label="Answer headers" pairs={output['headers']} />
          <Body label="Answer body" value={output['body']} at={at && [...at, 'body']} />
        </Part>
      )}
    </>
  );
}

/** A statement or several, their parameters and their rows. */
function Query({ entry, actionOf }: Asked) {
  const { input, output } = entry.step;
  const at = writtenTo(entry);
  const asked = !isObject(input) ? [] : Array.isArray(input['statements']) ? objects(input['statements']) : [input];
  return (
    <>
      {asked.map((statement, index) => {
        const title = asked.length > 1 ? `Statement ${index + 1} of ${asked.length}` : 'Query';
        return (
          <Part title={title} aside={<span className="muted">{text((input as JsonObject)['connector'])}</span>} key={index}>
            <pre className="code-block" data-wrap tabIndex={0} aria-label={title}>
              {text(statement['query'])}
            </pre>
            {statement['parameters'] === undefined && <p className="muted">It was not begun.</p>}
            <Pairs
              label={asked.length > 1 ? `Parameters of ${title}` : 'Parameters'}
              pairs={statement['parameters']}
              actionOf={(name) => {
                const place: Segment[] = isObject(input) && 'statements' in input ? ['statements', index] : [];
                return actionOf(lineageOf(entry.step, pathOf([...place, 'parameters', name])));
              }}
            />
          </Part>
        );
      })}
      {output !== undefined && (
        <Part title="Result">
          <JsonTree label="Result" value={output} {...(at && { at })} depth={2} />
        </Part>
      )}
    </>
  );
}

/** What a step was given and gave: of a screen, what was submitted. */
function Plain({ entry, actionOf, waits, isSilent }: Asked & { waits: boolean; isSilent: boolean }) {
  const { input, output } = entry.step;
  const at = writtenTo(entry);
  if (input === undefined && output === undefined)
    return isSilent ? null : <p className="muted">{waits ? 'Nothing was submitted.' : 'This step takes nothing and gives nothing.'}</p>;
  return (
    <>
      {input !== undefined && (
        <Part title="Input">
          <JsonTree label="Input" value={input} actionOf={(segments) => actionOf(lineageOfInput(entry.step, segments))} />
        </Part>
      )}
      {output !== undefined && (
        <Part title={waits ? 'Submitted' : 'Output'}>
          <JsonTree
            label={waits ? 'Submitted' : 'Output'}
            value={output}
            {...(at && { at })}
            {...(at && !waits && { actionOf: written({ entry, actionOf }) })}
          />
        </Part>
      )}
    </>
  );
}

const Part = ({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) => (
  <section className="step-part">
    <div className="step-part-head">
      <h3>{title}</h3>
      {aside}
    </div>
    {children}
  </section>
);

/** Names and their values: headers, parameters. */
function Pairs({
  label,
  pairs,
  actionOf,
}: {
  label: string;
  pairs: Json | undefined;
  actionOf?: (name: string) => LineAction | undefined;
}) {
  if (!isObject(pairs) || Object.keys(pairs).length === 0) return null;
  return (
    <table className="pairs">
      <caption className="visually-hidden">{label}</caption>
      <tbody>
        {Object.entries(pairs).map(([name, value]) => {
          const action = actionOf?.(name);
          return (
            <tr key={name}>
              <th scope="row">
                {action ? (
                  <button type="button" className="pair-name" title={action.label} onClick={action.run}>
                    {name}
                  </button>
                ) : (
                  name
                )}
              </th>
              <td>
                <Redacted text={typeof value === 'string' ? value : writeJson(value)} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Body({
  label,
  value,
  at,
  actionOf,
}: {
  label: string;
  value: Json | undefined;
  at?: string[] | undefined;
  actionOf?: (segments: readonly Segment[]) => LineAction | undefined;
}) {
  if (value === undefined || value === null || value === '') return <p className="muted">No body</p>;
  return <JsonTree label={label} value={value} {...(at && { at })} actionOf={actionOf} />;
}

import { Link } from 'react-router';
import type { Outage } from '../api/types';
import { counted } from '../text/counted';
import { Notice } from '../ui';
import { amount, share, span } from './numbers';

const clock = (at: string): string => new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });

/** What is broken now, since when, since which version, and how many people met it. Said aloud when it changes. */
export function Broken({ outages, now }: { outages: Outage[]; now: string }) {
  return (
    <div role="status" aria-label="What is broken" className="stack">
      {outages.map((outage) => (
        <Notice tone="danger" key={`${outage.kind} ${outage.id}`}>
          <p className="overview-broken">
            <strong>
              {outage.kind === 'connector' ? 'Connector ' : 'Flow '}
              <Link to={`/${outage.kind === 'connector' ? 'connectors' : 'flows'}/${encodeURIComponent(outage.id)}`}>{outage.id}</Link> is
              broken since <time dateTime={outage.since}>{clock(outage.since)}</time>
            </strong>{' '}
            ({span(outage.since, now)}).{' '}
            <Link to={runsOf(outage)}>{counted(outage.people, 'person', outage.people >= 10_000 ? 'people or more' : 'people')}</Link> met
            it: {amount(outage.failed)} of {amount(outage.total)} {outage.kind === 'connector' ? 'calls' : 'runs'} failed (
            {share(outage.failed, outage.total)}
            {outage.code && (
              <>
                , mostly <code>{outage.status ? `${outage.code} ${outage.status}` : outage.code}</code>
              </>
            )}
            ).
          </p>
          {outage.flows.length > 0 && (
            <ul className="overview-since">
              {outage.flows.map((flow) => (
                <li key={flow.id}>
                  <Link to={`/flows/${encodeURIComponent(flow.id)}/versions`}>
                    {flow.id} v{flow.version}
                  </Link>{' '}
                  {flow.beganWithIt
                    ? 'was published just before: it began with this version.'
                    : 'ran before it began: no version of it began this.'}
                </li>
              ))}
            </ul>
          )}
        </Notice>
      ))}
    </div>
  );
}

const runsOf = (outage: Outage): string =>
  outage.kind === 'connector'
    ? `/runs?connector=${encodeURIComponent(outage.id)}&from=${encodeURIComponent(hourBefore(outage.since))}`
    : `/runs?flow=${encodeURIComponent(outage.id)}&status=failed&from=${encodeURIComponent(hourBefore(outage.since))}`;

/** Runs are found by when they began; who met it may have begun before. */
const hourBefore = (at: string): string => new Date(Date.parse(at) - 3_600_000).toISOString();

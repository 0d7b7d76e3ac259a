import { PlugZap } from 'lucide-react';
import { Link } from 'react-router';
import type { ConnectorNumbers } from '../api/types';
import { Badge, Empty, When } from '../ui';
import { amount, milliseconds, share, span } from './numbers';

/** What the calls of each connector came to, and how it is. */
export const ConnectorTable = ({ connectors, now, from }: { connectors: ConnectorNumbers[]; now: string; from: string }) => (
  <section className="card" aria-labelledby="overview-connectors">
    <div className="card-head">
      <h2 id="overview-connectors">Connectors</h2>
    </div>
    {connectors.length === 0 ? (
      <Empty icon={<PlugZap />} title="There are no connectors" />
    ) : (
      <div className="table-scroll">
        <table className="table overview-connectors">
          <caption className="visually-hidden">Connectors with their calls</caption>
          <thead>
            <tr>
              <th scope="col">Connector</th>
              <th scope="col">Calls</th>
              <th scope="col">Failed</th>
              <th scope="col">Half within</th>
              <th scope="col">95 % within</th>
              <th scope="col">State</th>
              <th scope="col">Token</th>
              <th scope="col">Last failure</th>
            </tr>
          </thead>
          <tbody>
            {connectors.map((connector) => (
              <tr key={connector.id}>
                <th scope="row">
                  <Link to={`/connectors/${encodeURIComponent(connector.id)}`}>{connector.id}</Link>
                </th>
                <td data-label="Calls" className="number">
                  {amount(connector.calls)}
                </td>
                <td data-label="Failed" className="number">
                  {connector.errors === 0 ? (
                    <span className="muted">none</span>
                  ) : (
                    <Link
                      className="overview-failed"
                      to={`/runs?connector=${encodeURIComponent(connector.id)}&from=${encodeURIComponent(from)}`}
                      aria-label={`${amount(connector.errors)} failed calls of ${connector.id}`}
                    >
                      {amount(connector.errors)} ({share(connector.errors, connector.calls)})
                    </Link>
                  )}
                </td>
                <td data-label="Half within" className="number">
                  {milliseconds(connector.p50)}
                </td>
                <td data-label="95 % within" className="number">
                  {milliseconds(connector.p95)}
                </td>
                <td data-label="State">
                  <State connector={connector} now={now} />
                </td>
                <td data-label="Token" className="number">
                  {connector.tokenSince ? (
                    <span title={connector.tokenUntil ? `Used until ${new Date(connector.tokenUntil).toLocaleString()}` : undefined}>
                      {span(connector.tokenSince, now)} old
                    </span>
                  ) : (
                    <span className="muted">–</span>
                  )}
                </td>
                <td data-label="Last failure">
                  {connector.lastFailureAt ? (
                    <>
                      <When at={connector.lastFailureAt} />{' '}
                      {connector.codes[0] && (
                        <code className="overview-code">
                          {connector.codes[0].code}
                          {connector.codes[0].status ? ` ${connector.codes[0].status}` : ''}
                        </code>
                      )}
                    </>
                  ) : (
                    <span className="muted">–</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </section>
);

function State({ connector, now }: { connector: ConnectorNumbers; now: string }) {
  const days = connector.certificateUntil ? (Date.parse(connector.certificateUntil) - Date.parse(now)) / 86_400_000 : undefined;
  return (
    <span className="overview-state">
      {connector.breaker === 'open' && <Badge tone="danger">Breaker open</Badge>}
      {connector.breaker === 'halfOpen' && <Badge tone="warning">Breaker tries</Badge>}
      {connector.cooldownUntil && <Badge tone="warning">Rests for {span(now, connector.cooldownUntil)}</Badge>}
      {days !== undefined && (
        <Badge tone={days < 30 ? 'warning' : 'info'}>{days < 0 ? 'Certificate ended' : `Certificate ${Math.floor(days)} days`}</Badge>
      )}
      {connector.breaker !== 'open' && connector.breaker !== 'halfOpen' && !connector.cooldownUntil && days === undefined && (
        <span className="muted">{connector.breaker === 'closed' ? 'Breaker closed' : '–'}</span>
      )}
    </span>
  );
}

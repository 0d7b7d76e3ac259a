import { Link } from 'react-router';
import type { Overview } from '../api/types';
import { When } from '../ui';
import { amount, bytes, share, span } from './numbers';

/** Where runs wait. */
export const Waiting = ({ waiting }: { waiting: Overview['waiting'] }) => (
  <section className="card" aria-labelledby="overview-waiting">
    <div className="card-head">
      <h2 id="overview-waiting">Waiting now</h2>
    </div>
    {waiting.places.length === 0 ? (
      <p className="card-body muted">Nobody waits.</p>
    ) : (
      <table className="table">
        <caption className="visually-hidden">Where runs wait</caption>
        <thead>
          <tr>
            <th scope="col">Screen</th>
            <th scope="col">Flow</th>
            <th scope="col">People</th>
            <th scope="col">The longest</th>
          </tr>
        </thead>
        <tbody>
          {waiting.places.map((place) => (
            <tr key={`${place.flow} ${place.activity}`}>
              <th scope="row">{place.title || place.activity || 'On its way'}</th>
              <td data-label="Flow">{place.flow}</td>
              <td data-label="People" className="number">
                <Link to={`/runs?flow=${encodeURIComponent(place.flow)}&status=${place.activity ? 'waiting' : 'running'}`}>
                  {amount(place.count)}
                </Link>
              </td>
              <td data-label="The longest">
                <When at={place.oldest} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
    {waiting.isSample && <p className="field-hint card-body">There are more: these are the latest 2,000.</p>}
  </section>
);

/** What is stored. */
export const Stored = ({ storage }: { storage: Overview['storage'] }) => (
  <section className="card" aria-labelledby="overview-storage">
    <div className="card-head">
      <h2 id="overview-storage">Storage</h2>
    </div>
    <dl className="overview-facts card-body">
      <dt>Database</dt>
      <dd>{storage.bytes === null ? 'not measured yet' : bytes(storage.bytes)}</dd>
      <dt>Grew within a day</dt>
      <dd>{bytes(storage.grownDay)}</dd>
      <dt>Grew within a week</dt>
      <dd>{bytes(storage.grownWeek)}</dd>
      <dt>Calls to be delivered</dt>
      <dd>
        <Link to="/calls">{amount(storage.callsQueued)}</Link>
        {storage.callsDead > 0 && `, ${amount(storage.callsDead)} given up`}
      </dd>
    </dl>
  </section>
);

/** The servers that are there. */
export const Nodes = ({ nodes, now }: { nodes: Overview['nodes']; now: string }) => (
  <section className="card" aria-labelledby="overview-nodes">
    <div className="card-head">
      <h2 id="overview-nodes">Servers</h2>
    </div>
    {nodes.length === 0 ? (
      <p className="card-body muted">None has reported yet.</p>
    ) : (
      <table className="table">
        <caption className="visually-hidden">Servers</caption>
        <thead>
          <tr>
            <th scope="col">Server</th>
            <th scope="col">Up for</th>
            <th scope="col">Runs</th>
            <th scope="col">Processor</th>
            <th scope="col">Memory</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <tr key={`${node.name} ${node.startedAt}`}>
              <th scope="row">{node.name}</th>
              <td data-label="Up for">{span(node.startedAt, now)}</td>
              <td data-label="Runs" className="number">
                {amount(node.runs)}
              </td>
              <td data-label="Processor" className="number">
                {share(node.processor, 1)}
              </td>
              <td data-label="Memory" className="number">
                {bytes(node.memory)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
);

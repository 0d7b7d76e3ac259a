import { Link } from 'react-router';
import type { FlowNumbers, ScreenNumbers } from '../api/types';
import { counted } from '../text/counted';
import { amount, endedOf, funnelOf, share } from './numbers';

/** The flows with their screens: how many people came to each, how many went on, and whether that was so in the version before. */
export const Funnels = ({ flows }: { flows: FlowNumbers[] }) => (
  <section className="card" aria-labelledby="overview-flows">
    <div className="card-head">
      <h2 id="overview-flows">Flows</h2>
    </div>
    <div className="overview-flows">
      {flows.map((flow) => (
        <Funnel key={flow.id} flow={flow} />
      ))}
    </div>
  </section>
);

function Funnel({ flow }: { flow: FlowNumbers }) {
  const most = Math.max(1, ...flow.screens.map((screen) => screen.shown));
  return (
    <article className="overview-flow" aria-label={`Flow ${flow.id}`}>
      <h3>
        <Link to={`/flows/${encodeURIComponent(flow.id)}`}>{flow.name}</Link>{' '}
        <span className="muted">
          v{flow.version}
          {flow.before !== null && `, compared with v${flow.before}`}
        </span>
      </h3>
      <p className="muted">
        {counted(flow.runs.started, 'run')} began; {share(flow.runs.completed, endedOf(flow.runs))} of those that ended completed
        {flow.runsBefore &&
          endedOf(flow.runsBefore) > 0 &&
          ` (v${flow.before}: ${share(flow.runsBefore.completed, endedOf(flow.runsBefore))})`}
        .
      </p>
      {flow.screens.length > 0 && (
        <table className="table overview-funnel">
          <caption className="visually-hidden">Screens of {flow.id}</caption>
          <thead>
            <tr>
              <th scope="col">Screen</th>
              <th scope="col">Shown</th>
              <th scope="col">Went on</th>
              <th scope="col">Before</th>
            </tr>
          </thead>
          <tbody>
            {flow.screens.map((screen) => (
              <Screen key={screen.activity} screen={screen} most={most} />
            ))}
          </tbody>
        </table>
      )}
    </article>
  );
}

function Screen({ screen, most }: { screen: ScreenNumbers; most: number }) {
  const { share: went, change } = funnelOf(screen);
  return (
    <tr>
      <th scope="row">
        {screen.title || screen.activity}
        <span className="overview-bar" aria-hidden="true">
          <span className="overview-bar-shown" style={{ inlineSize: `${(100 * screen.shown) / most}%` }}>
            <span className="overview-bar-went" style={{ inlineSize: `${100 * went}%` }} />
          </span>
        </span>
      </th>
      <td data-label="Shown" className="number">
        {amount(screen.shown)}
      </td>
      <td data-label="Went on" className="number">
        {screen.shown === 0 ? '–' : `${Math.round(100 * went)} %`}
      </td>
      <td data-label="Before" className="number">
        {change === null ? (
          <span className="muted">–</span>
        ) : (
          <span className="overview-change" data-tone={change <= -5 ? 'danger' : change >= 5 ? 'success' : undefined}>
            {change > 0 ? '+' : change < 0 ? '−' : '±'}
            {Math.abs(change)} points
          </span>
        )}
      </td>
    </tr>
  );
}

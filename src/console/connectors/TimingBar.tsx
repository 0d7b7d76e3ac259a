import { duration, phasesOf, type Timings } from './testRequest';

/** Where the time of an exchange went. */
export function TimingBar({ timings, tokenMs }: { timings: Timings; tokenMs: number | null }) {
  const phases = phasesOf(timings, tokenMs);
  const total = timings.totalMs + (tokenMs ?? 0);
  return (
    <figure
      className="timing"
      aria-label={`Took ${duration(total)}: ${phases.map(({ name, milliseconds }) => `${name} ${duration(milliseconds)}`).join(', ')}`}
    >
      <div className="timing-bar" aria-hidden="true">
        {phases.map(({ name, share }) => (
          <span key={name} data-phase={name} style={{ flexGrow: Math.max(share, 0.6) }} />
        ))}
      </div>
      <figcaption>
        {phases.map(({ name, milliseconds }) => (
          <span className="timing-phase" key={name}>
            <i data-phase={name} aria-hidden="true" />
            {name} <b>{duration(milliseconds)}</b>
          </span>
        ))}
        <span className="timing-phase timing-total">
          Total <b>{duration(total)}</b>
        </span>
      </figcaption>
    </figure>
  );
}

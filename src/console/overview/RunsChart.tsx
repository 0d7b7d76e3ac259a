import 'uplot/dist/uPlot.min.css';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { Overview } from '../api/types';
import { counted } from '../text/counted';
import { Disclosure } from '../ui';
import { useTheme } from '../ui/theme';
import { amount, columns, ends, type RunNumbers } from './numbers';

const height = 220;

/** Runs that began and how they ended, step by step: a chart, and the same as a table. */
export function RunsChart({ overview }: { overview: Overview }) {
  const { times, step, runs } = overview;
  const each = step === 60 ? 'a minute' : 'an hour';
  return (
    <section className="card overview-runs" aria-labelledby="overview-runs">
      <div className="card-head">
        <h2 id="overview-runs">Sign-ins {each}</h2>
      </div>
      <div className="card-body">
        <ul className="overview-legend" aria-label="How they ended">
          <Total label="Began" value={runs.started} tone="began" />
          {ends.map(({ of, label, tone }) => (
            <Total key={of} label={label} value={runs[of]} tone={tone} />
          ))}
        </ul>
        <Drawing overview={overview} label={`${counted(runs.started, 'run')} began; ${words(runs)}. The table below has the numbers.`} />
        <Disclosure title="As a table" folded>
          <div className="table-scroll overview-times">
            <table className="table">
              <caption className="visually-hidden">Runs {each}, the latest first</caption>
              <thead>
                <tr>
                  <th scope="col">From</th>
                  <th scope="col">Began</th>
                  {ends.map(({ of, label }) => (
                    <th scope="col" key={of}>
                      {label}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {times.toReversed().map((time) => (
                  <tr key={time.at}>
                    <th scope="row">
                      <time dateTime={time.at}>{timeText(time.at, step)}</time>
                    </th>
                    <td data-label="Began" className="number">
                      {amount(time.runs.started)}
                    </td>
                    {ends.map(({ of, label }) => (
                      <td data-label={label} className="number" key={of}>
                        {amount(time.runs[of])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Disclosure>
      </div>
    </section>
  );
}

const Total = ({ label, value, tone }: { label: string; value: number; tone: string }) => (
  <li>
    <span className="overview-swatch" data-tone={tone} aria-hidden="true" />
    <span>{label}</span> <strong>{amount(value)}</strong>
  </li>
);

const words = (runs: RunNumbers): string => ends.map(({ of, label }) => `${amount(runs[of])} ${label.toLowerCase()}`).join(', ');

const timeText = (at: string, step: number): string =>
  new Date(at).toLocaleString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    ...(step === 60 ? {} : { day: 'numeric', month: 'short' }),
  });

/** The chart itself. It is drawn anew where its colours change, and takes new numbers as it is. */
function Drawing({ overview: { times, step }, label }: { overview: Overview; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const data = useMemo(() => columns(times), [times]);
  const latest = useRef(data);
  latest.current = data;
  const theme = useTheme((state) => state.theme);
  const system = useSystemDark();

  useEffect(() => {
    const area = place.current!;
    chart.current = new uPlot(optionsOf(area, step), drawn(latest.current), area);
    const watch = new ResizeObserver(() => chart.current?.setSize({ width: area.clientWidth, height }));
    watch.observe(area);
    return () => {
      watch.disconnect();
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [step, theme, system]);
  useEffect(() => chart.current?.setData(drawn(data)), [data]);

  return <div className="overview-chart" ref={place} role="img" aria-label={label} />;
}

/** The highest of the stack is drawn first, so that the others stand before it. */
const drawn = ([at, began, ...stack]: number[][]): uPlot.AlignedData => [at!, ...stack.toReversed(), began!] as uPlot.AlignedData;

function optionsOf(area: HTMLElement, step: number): uPlot.Options {
  const style = getComputedStyle(area);
  const colour = (name: string) => style.getPropertyValue(`--chart-${name}`).trim();
  const bars = uPlot.paths.bars!({ size: [0.8, 40], radius: 0.12 });
  const axis: uPlot.Axis = {
    stroke: colour('text'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: area.clientWidth,
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: true, range: (_, low, high) => [low - step / 2, high + step / 2] },
      y: { range: (_, __, high) => [0, Math.max(4, high * 1.08)] },
    },
    axes: [axis, { ...axis, size: 46, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6] }],
    series: [
      {},
      ...ends
        .toReversed()
        .map(({ tone, label }) => ({ label, paths: bars, points: { show: false }, fill: colour(tone), stroke: colour(tone), width: 0 })),
      { label: 'Began', stroke: colour('began'), width: 2, points: { show: false } },
    ],
  };
}

/** Whether the system is dark, as long as the page goes by that. */
function useSystemDark(): boolean {
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const changed = () => setDark(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return dark;
}

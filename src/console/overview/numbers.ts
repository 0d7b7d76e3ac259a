import type { Overview, ScreenNumbers } from '../api/types';

/** Numbers as people read them, and as the chart draws them. No DOM. */

export type RunNumbers = Overview['runs'];

/** The ways in which runs end, in the order in which they are stacked and told. */
export const ends = [
  { of: 'completed', label: 'Completed', tone: 'success' },
  { of: 'refused', label: 'Refused', tone: 'warning' },
  { of: 'failed', label: 'Failed', tone: 'danger' },
  { of: 'left', label: 'Left', tone: 'faint' },
  { of: 'cancelled', label: 'Cancelled', tone: 'info' },
] as const satisfies readonly { of: keyof RunNumbers; label: string; tone: string }[];

/** How many runs ended, in whichever way. */
export const endedOf = (runs: RunNumbers): number => ends.reduce((sum, { of }) => sum + runs[of], 0);

/** "12,345", "1.2 M" */
export const amount = (value: number): string =>
  value < 1_000_000 ? value.toLocaleString('en-US') : `${(value / 1_000_000).toFixed(value < 10_000_000 ? 1 : 0)} M`;

/** "4.2 %", "< 0.1 %"; "–" of nothing. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '–';
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return percent === 0 || percent >= 10 ? `${Math.round(percent)} %` : `${percent.toFixed(1)} %`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** "1.4 GB"; a sign before what is less than nothing. */
export function bytes(value: number): string {
  let [size, unit] = [Math.abs(value), 0];
  for (; size >= 999.5 && unit < units.length - 1; unit++) size /= 1000;
  const text = unit === 0 || size >= 100 ? Math.round(size).toString() : size.toFixed(1);
  return `${value < 0 ? '−' : ''}${text} ${units[unit]}`;
}

/** "12 ms", "1.4 s" */
export const milliseconds = (value: number | null): string =>
  value === null ? '–' : value < 1000 ? `${value} ms` : `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} s`;

/** "3 min", "5 h", "12 days": how long ago, or until when. */
export function span(from: string, to: string): string {
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** The columns of the chart: times in seconds, what began, and the ends stacked: each the sum of itself and all before it. */
export function columns(times: Overview['times']): number[][] {
  const sums = times.map(() => 0);
  return [
    times.map((time) => Date.parse(time.at) / 1000),
    times.map((time) => time.runs.started),
    ...ends.map(({ of }) =>
      times.map((time, i) => {
        sums[i]! += time.runs[of];
        return sums[i]!;
      }),
    ),
  ];
}

/** Which share of those who saw a screen went on, and how much more or less that is than in the version before, in points; null where
 * nobody saw it then. */
export function funnelOf(screen: ScreenNumbers): { share: number; change: number | null } {
  const of = (submitted: number, shown: number) => (shown === 0 ? 0 : Math.min(1, submitted / shown));
  const now = of(screen.submitted, screen.shown);
  return {
    share: now,
    change:
      screen.shown > 0 && screen.shownBefore && screen.submittedBefore !== null
        ? Math.round(100 * (now - of(screen.submittedBefore, screen.shownBefore)))
        : null,
  };
}

import type { StretchWait } from '../api/types';

/** A number of seconds as people read it. */
export const secondsText = (seconds: number): string => `${Math.round(seconds * 100) / 100} s`;

/** How long a stretch may take, and what is waited for: 14.2 s: lookup 5 s, profile 2 × 4.6 s. */
export function waitText({ seconds, parts }: StretchWait): string {
  const named = parts.map(({ activity, seconds: each, times }) => `${activity} ${times > 1 ? `${times} × ` : ''}${secondsText(each)}`);
  const whole = seconds === null ? 'without end' : secondsText(seconds);
  return named.length ? `${whole}: ${named.join(', ')}` : whole;
}

/** The stretch that takes longest; one without end before all others. */
export const longestOf = (waits: readonly StretchWait[]): StretchWait | undefined =>
  waits.reduce<StretchWait | undefined>(
    (longest, wait) => (longest === undefined || (wait.seconds ?? Infinity) > (longest.seconds ?? Infinity) ? wait : longest),
    undefined,
  );

/** The stretch that begins at an activity, its longest where a subflow has several. */
export const waitFrom = (waits: readonly StretchWait[], activity: string): StretchWait | undefined =>
  longestOf(waits.filter((wait) => wait.activity === activity));

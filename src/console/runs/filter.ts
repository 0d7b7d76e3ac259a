import { query } from '../api/client';
import type { RunHead } from '../api/types';

/** Which runs to list; it stands in the page's address, so that a view can be shared. Shared and immutable. */
export interface RunFilter {
  flow: string;
  status: RunHead['status'] | '';
  person: string;
  /** `true` for runs that had an error, handled or not. */
  errors: '' | 'true';
  errorCode: string;
  connector: string;
  activity: string;
  /** A span that ends now, such as `1h`; or a start and an end. */
  last: string;
  from: string;
  until: string;
}

export const everything: RunFilter = {
  flow: '',
  status: '',
  person: '',
  errors: '',
  errorCode: '',
  connector: '',
  activity: '',
  last: '',
  from: '',
  until: '',
};

/** What the statuses of runs are called, in the order in which they are offered. */
export const statusLabels = {
  running: 'Running',
  waiting: 'Waiting',
  completed: 'Completed',
  refused: 'Refused',
  failed: 'Failed',
  cancelled: 'Cancelled',
  expired: 'Expired',
} as const satisfies Record<RunHead['status'], string>;

export const statuses = Object.keys(statusLabels) as RunHead['status'][];

/** The spans that are offered, in minutes. */
export const spans: { id: string; label: string; minutes: number }[] = [
  { id: '15m', label: 'Last 15 minutes', minutes: 15 },
  { id: '1h', label: 'Last hour', minutes: 60 },
  { id: '24h', label: 'Last 24 hours', minutes: 24 * 60 },
  { id: '7d', label: 'Last 7 days', minutes: 7 * 24 * 60 },
  { id: '30d', label: 'Last 30 days', minutes: 30 * 24 * 60 },
];

/** The filter of an address. What makes no sense there is left out. */
export function filterOf(search: URLSearchParams): RunFilter {
  const text = (name: string) => search.get(name)?.trim() ?? '';
  const time = (name: string) => (Number.isNaN(Date.parse(text(name))) ? '' : new Date(text(name)).toISOString());
  const last = spans.some((span) => span.id === text('last')) ? text('last') : '';
  return {
    flow: text('flow'),
    status: statuses.find((status) => status === text('status')) ?? '',
    person: text('person'),
    errors: text('errors') === 'true' ? 'true' : '',
    // Addresses of the release before call it `error`.
    errorCode: text('errorCode') || text('error'),
    connector: text('connector'),
    activity: text('activity'),
    last,
    from: last ? '' : time('from'),
    until: last ? '' : time('until'),
  };
}

/** The address of a filter, without the question mark. */
export const searchOf = (filter: RunFilter): string => query({ ...filter }).slice(1);

/** What the API is asked. */
export function apiQuery(filter: RunFilter, now: number, page: { cursor?: string; limit: number }): string {
  const { last, ...rest } = filter;
  const span = spans.find((one) => one.id === last);
  return query({ ...rest, ...(span && { from: new Date(now - span.minutes * 60_000).toISOString() }), ...page });
}

export const isFiltered = (filter: RunFilter): boolean => Object.values(filter).some(Boolean);

import './people.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api, query } from '../api/client';
import { writeJson } from '../api/json';
import type { AuditEntry } from '../api/types';
import { useMay } from '../app/session';
import { counted } from '../text/counted';
import { Badge, Button, Disclosure, Empty, Failed, Input, Loading, Notice, useDebounced } from '../ui';
import { linkOf, sentenceOf, subjectOf } from './sentence';

/** Who changed what, and when, the newest first. */
export function AuditPage() {
  const [search, setSearch] = useSearchParams();
  const [typed, setTyped] = useState({ subject: search.get('subject') ?? '', actor: search.get('actor') ?? '' });
  const filter = useDebounced(typed, 300);
  const isAdmin = useMay('admin');
  const isFiltered = filter.subject.trim() !== '' || filter.actor.trim() !== '';

  // The filter is in the address, so that it can be sent to somebody.
  useEffect(() => {
    setSearch(Object.fromEntries(Object.entries(filter).filter(([, text]) => text.trim() !== '')), { replace: true });
  }, [filter, setSearch]);

  const log = useInfiniteQuery({
    queryKey: ['audit', filter.subject.trim(), filter.actor.trim()],
    queryFn: ({ pageParam, signal }) =>
      api.get<{ entries: AuditEntry[]; next: number | null }>(
        `/api/audit${query({ subject: filter.subject.trim(), actor: filter.actor.trim(), before: pageParam, limit: 50 })}`,
        signal,
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    enabled: isAdmin,
  });
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? [];
  const days = byDay(entries);

  if (!isAdmin)
    return (
      <div className="page">
        <h1>Audit log</h1>
        <Notice>Whoever has the role admin reads the audit log.</Notice>
      </div>
    );
  return (
    <div className="page">
      <title>Audit log · FlowEngine</title>
      <header className="page-head">
        <div>
          <h1>Audit log</h1>
          <p className="lead">Who changed what, and when.</p>
        </div>
        <div className="toolbar" role="search" aria-label="Filter">
          <Input
            aria-label="Who"
            placeholder="Who, such as grace"
            list="audit-actors"
            value={typed.actor}
            onChange={(event) => setTyped({ ...typed, actor: event.target.value })}
          />
          <Input
            aria-label="About"
            placeholder="About, such as flow:login"
            list="audit-subjects"
            value={typed.subject}
            onChange={(event) => setTyped({ ...typed, subject: event.target.value })}
          />
          {isFiltered && (
            <Button kind="quiet" onClick={() => setTyped({ subject: '', actor: '' })}>
              Show all
            </Button>
          )}
          <datalist id="audit-actors">
            {unique(entries.map((entry) => entry.actor)).map((actor) => (
              <option value={actor} key={actor} />
            ))}
          </datalist>
          <datalist id="audit-subjects">
            {unique(entries.map((entry) => entry.subject)).map((subject) => (
              <option value={subject} key={subject} />
            ))}
          </datalist>
        </div>
      </header>
      <div className="card">
        {log.isPending ? (
          <Loading lines={6} />
        ) : log.isError && entries.length === 0 ? (
          <Failed error={log.error} onRetry={() => void log.refetch()} />
        ) : entries.length === 0 ? (
          <Empty
            icon={<ScrollText />}
            title={isFiltered ? 'No entry fits' : 'Nothing happened yet'}
            action={isFiltered && <Button onClick={() => setTyped({ subject: '', actor: '' })}>Show all</Button>}
          >
            {isFiltered
              ? 'Write names whole: grace, flow:login, connector:profile-api, user:ada.'
              : 'Every change in the console and by the management API is listed here.'}
          </Empty>
        ) : (
          <>
            {days.map(([day, some]) => (
              <section className="audit-day" aria-label={day} key={day}>
                <h2>{day}</h2>
                <ol>
                  {some.map((entry) => (
                    <Entry entry={entry} key={entry.number} onFilter={setTyped} />
                  ))}
                </ol>
              </section>
            ))}
            <div className="audit-foot">
              {log.isFetchNextPageError && (
                <span className="field-problem" role="alert">
                  {log.error?.message}
                </span>
              )}
              {log.hasNextPage ? (
                <Button busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
                  Show older
                </Button>
              ) : (
                <span className="muted">{counted(entries.length, 'entry', 'entries')}, back to the beginning.</span>
              )}
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function Entry({ entry, onFilter }: { entry: AuditEntry; onFilter: (filter: { subject: string; actor: string }) => void }) {
  const { verb, subject, rest } = sentenceOf(entry);
  const link = linkOf(entry.subject);
  const { kind } = subjectOf(entry.subject);
  const time = new Date(entry.at);
  return (
    <li className="audit-entry">
      <time dateTime={entry.at} title={time.toLocaleString()}>
        {time.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
      </time>
      <div className="audit-text">
        <p>
          <button
            type="button"
            className="audit-name"
            title={`Only what ${entry.actor} did`}
            onClick={() => onFilter({ actor: entry.actor, subject: '' })}
          >
            {entry.actor}
          </button>{' '}
          {verb} {subject !== undefined && (link ? <Link to={link}>{subject}</Link> : <strong>{subject}</strong>)}
          {rest}
        </p>
        {entry.detail !== null && entry.detail !== undefined && (
          <Disclosure title="Detail" folded>
            <pre className="code-block" data-wrap>
              {writeJson({ action: entry.action, subject: entry.subject, detail: entry.detail }, 2)}
            </pre>
          </Disclosure>
        )}
      </div>
      <button
        type="button"
        className="audit-kind"
        title={`Only what is about ${entry.subject}`}
        onClick={() => onFilter({ actor: '', subject: entry.subject })}
      >
        <Badge>{kind === 'user' ? 'person' : kind || 'server'}</Badge>
      </button>
    </li>
  );
}

function byDay(entries: AuditEntry[]): [string, AuditEntry[]][] {
  const days = new Map<string, AuditEntry[]>();
  for (const entry of entries) days.set(dayOf(entry.at), [...(days.get(dayOf(entry.at)) ?? []), entry]);
  return [...days];
}

function dayOf(at: string): string {
  const date = new Date(at);
  const today = new Date();
  const days = Math.round((new Date(today.toDateString()).getTime() - new Date(date.toDateString()).getTime()) / 86_400_000);
  return days === 0
    ? 'Today'
    : days === 1
      ? 'Yesterday'
      : date.toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

const unique = (items: string[]): string[] => [...new Set(items)];

import { useQuery } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { api, ApiError, query } from '../api/client';
import type { FlowHead, RunHead } from '../api/types';
import { Button, Field, Input, Segmented, Select, toastError } from '../ui';
import { isFiltered, looksLikeRun, spans, type RunFilter } from './filter';

interface Props {
  filter: RunFilter;
  onChange: (change: Partial<RunFilter>) => void;
  onClear: () => void;
  /** Error codes to offer: those in sight. */
  codes: string[];
}

const statusOptions = [
  { value: 'all', label: 'All' }, { value: 'running', label: 'Running' }, { value: 'waiting', label: 'Waiting' }, { value: 'completed', label: 'Completed' }, { value: 'failed', label: 'Failed' },
];

/** What runs to list. */
export function RunFilters({ filter, onChange, onClear, codes }: Props) {
  const flows = useQuery({ queryKey: ['flows'], queryFn: ({ signal }) => api.get<{ flows: FlowHead[] }>('/api/flows', signal) });
  const known = flows.data?.flows ?? [];
  const codesId = useId();
  const isCustom = Boolean(filter.from || filter.until);
  const [asksRange, setAsksRange] = useState(isCustom);

  return (
    <div className="run-filters">
      <div className="toolbar">
        <RunFinder onPerson={(person) => onChange({ person })} />
        <Segmented aria-label="Status" options={statusOptions} value={filter.status || 'all'} onChange={(status) => onChange({ status: status === 'all' ? '' : (status as RunHead['status']) })} />
      </div>
      <div className="run-filter-row">
        <Select aria-label="Flow" value={filter.flow} onChange={(event) => onChange({ flow: event.target.value })}>
          <option value="">All flows</option>
          {filter.flow && !known.some((flow) => flow.id === filter.flow) && <option value={filter.flow}>{filter.flow}</option>}
          {known.map((flow) => <option value={flow.id} key={flow.id}>{flow.name || flow.id}</option>)}
        </Select>
        <Select aria-label="Started" value={asksRange || isCustom ? 'range' : filter.last}
          onChange={(event) => {
            const last = event.target.value;
            setAsksRange(last === 'range');
            if (last !== 'range') onChange({ last, from: '', until: '' });
            else onChange({ last: '' });
          }}>
          <option value="">Any time</option>
          {spans.map((span) => <option value={span.id} key={span.id}>{span.label}</option>)}
          <option value="range">From … until …</option>
        </Select>
        <Committed label="Error code" placeholder="Any error code" value={filter.error} list={codesId} onCommit={(error) => onChange({ error })} />
        <datalist id={codesId}>{codes.map((code) => <option value={code} key={code} />)}</datalist>
        <Committed label="Person" placeholder="Any person" value={filter.person} onCommit={(person) => onChange({ person })} />
        {isFiltered(filter) && <Button kind="quiet" icon={<X />} onClick={() => { setAsksRange(false); onClear(); }}>Clear</Button>}
      </div>
      {(asksRange || isCustom) && (
        <div className="run-filter-row run-range">
          <Field label="From">{(input) => <Input {...input} type="datetime-local" value={localTime(filter.from)} onChange={(event) => onChange({ from: isoTime(event.target.value) })} />}</Field>
          <Field label="Until">{(input) => <Input {...input} type="datetime-local" value={localTime(filter.until)} onChange={(event) => onChange({ until: isoTime(event.target.value) })} />}</Field>
        </div>
      )}
    </div>
  );
}

/** Opens the run of a number or id; any other text is a person. `/` goes there. */
function RunFinder({ onPerson }: { onPerson: (person: string) => void }) {
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || (event.target as HTMLElement).closest('input, textarea, select')) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? '';
    if (!text) return;
    try {
      if (looksLikeRun(text)) {
        const run = await api.get<RunHead>(`/api/runs/${encodeURIComponent(text)}`);
        await navigate(`/runs/${run.number}`);
        return;
      }
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) {
        toastError(error);
        return;
      }
    }
    onPerson(text);
    if (input.current) input.current.value = '';
  };

  return (
    <form className="search-input run-finder" role="search" onSubmit={(event) => void submit(event)}>
      <Search aria-hidden="true" />
      <Input ref={input} type="search" aria-label="Run number, run id or person" placeholder="Run number, run id or person" aria-keyshortcuts="/" enterKeyHint="search" />
    </form>
  );
}

/** An input that counts when it is left or Enter is pressed: not each letter is a search. */
function Committed({ label, placeholder, value, list, onCommit }: { label: string; placeholder: string; value: string; list?: string; onCommit: (value: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = () => text.trim() !== value && onCommit(text.trim());
  return <Input aria-label={label} placeholder={placeholder} value={text} list={list} onChange={(event) => setText(event.target.value)} onBlur={commit} onKeyDown={(event) => event.key === 'Enter' && commit()} />;
}

/** A moment as a datetime-local input has it, in the person's own time. */
function localTime(iso: string): string {
  if (!iso) return '';
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const isoTime = (local: string): string => (local ? new Date(local).toISOString() : '');

/** The address of the list with one filter, for links from other pages. */
export const runsLink = (filter: Partial<RunFilter>): string => `/runs${query({ ...filter })}`;

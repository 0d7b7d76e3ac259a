import { useQuery } from '@tanstack/react-query';
import { TriangleAlert, User, X } from 'lucide-react';
import { useEffect, useId, useState, type ReactNode } from 'react';
import { api, query } from '../api/client';
import type { ConnectorHead, FlowHead, RunHead } from '../api/types';
import { Button, Field, Input, Segmented, Select } from '../ui';
import { isFiltered, spans, statuses, statusLabels, type RunFilter } from './filter';
import { RunFinder } from './RunFinder';

interface Props {
  filter: RunFilter;
  onChange: (change: Partial<RunFilter>) => void;
  onClear: () => void;
  /** Error codes to offer: those in sight. */
  codes: string[];
}

const statusOptions = [{ value: 'all', label: 'All' }, ...statuses.map((value) => ({ value, label: statusLabels[value] }))];

/** What runs to list. */
export function RunFilters({ filter, onChange, onClear, codes }: Props) {
  const flows = useQuery({ queryKey: ['flows'], queryFn: ({ signal }) => api.get<{ flows: FlowHead[] }>('/api/flows', signal) });
  const known = flows.data?.flows ?? [];
  const connectors = useQuery({
    queryKey: ['connectors'],
    queryFn: ({ signal }) => api.get<{ connectors: ConnectorHead[] }>('/api/connectors', signal),
  });
  const ids = (connectors.data?.connectors ?? []).map((connector) => connector.id);
  const codesId = useId();
  const isCustom = Boolean(filter.from || filter.until);
  const [asksRange, setAsksRange] = useState(isCustom);

  return (
    <div className="run-filters">
      <div className="toolbar">
        <RunFinder onPerson={(person) => onChange({ person })} />
        <Segmented
          aria-label="Status"
          options={statusOptions}
          value={filter.status || 'all'}
          onChange={(status) => onChange({ status: status === 'all' ? '' : (status as RunHead['status']) })}
        />
      </div>
      <div className="run-filter-row">
        <Select aria-label="Flow" value={filter.flow} onChange={(event) => onChange({ flow: event.target.value })}>
          <option value="">All flows</option>
          {filter.flow && !known.some((flow) => flow.id === filter.flow) && <option value={filter.flow}>{filter.flow}</option>}
          {known.map((flow) => (
            <option value={flow.id} key={flow.id}>
              {flow.name || flow.id}
            </option>
          ))}
        </Select>
        <Select
          aria-label="Started"
          value={asksRange || isCustom ? 'range' : filter.last}
          onChange={(event) => {
            const last = event.target.value;
            setAsksRange(last === 'range');
            if (last !== 'range') onChange({ last, from: '', until: '' });
            else onChange({ last: '' });
          }}
        >
          <option value="">Any time</option>
          {spans.map((span) => (
            <option value={span.id} key={span.id}>
              {span.label}
            </option>
          ))}
          <option value="range">From … until …</option>
        </Select>
        <Button
          icon={<TriangleAlert />}
          aria-pressed={filter.errors === 'true'}
          className="run-errors-toggle"
          onClick={() => onChange({ errors: filter.errors ? '' : 'true' })}
        >
          With errors
        </Button>
        <Committed
          label="Error code"
          placeholder="Any error code"
          value={filter.errorCode}
          list={codesId}
          onCommit={(errorCode) => onChange({ errorCode })}
        />
        <datalist id={codesId}>
          {codes.map((code) => (
            <option value={code} key={code} />
          ))}
        </datalist>
        <Select
          aria-label="Connector that failed"
          value={filter.connector}
          onChange={(event) => onChange({ connector: event.target.value })}
        >
          <option value="">Any connector</option>
          {filter.connector && !ids.includes(filter.connector) && <option value={filter.connector}>{filter.connector}</option>}
          {ids.map((id) => (
            <option value={id} key={id}>
              Failed: {id}
            </option>
          ))}
        </Select>
        {filter.activity && (
          <Chosen
            what="Activity that failed"
            value={filter.activity}
            icon={<TriangleAlert aria-hidden="true" />}
            onClear={() => onChange({ activity: '' })}
          />
        )}
        {filter.person && (
          <Chosen what="Person" value={filter.person} icon={<User aria-hidden="true" />} onClear={() => onChange({ person: '' })} />
        )}
        {isFiltered(filter) && (
          <Button
            kind="quiet"
            icon={<X />}
            onClick={() => {
              setAsksRange(false);
              onClear();
            }}
          >
            Clear
          </Button>
        )}
      </div>
      {(asksRange || isCustom) && (
        <div className="run-filter-row run-range">
          <Field label="From">
            {(input) => (
              <Input
                {...input}
                type="datetime-local"
                value={localTime(filter.from)}
                onChange={(event) => onChange({ from: isoTime(event.target.value) })}
              />
            )}
          </Field>
          <Field label="Until">
            {(input) => (
              <Input
                {...input}
                type="datetime-local"
                value={localTime(filter.until)}
                onChange={(event) => onChange({ until: isoTime(event.target.value) })}
              />
            )}
          </Field>
        </div>
      )}
    </div>
  );
}

/** A filter that was chosen elsewhere: in the search box, or by a link. */
const Chosen = ({ what, value, icon, onClear }: { what: string; value: string; icon: ReactNode; onClear: () => void }) => (
  <span className="run-chosen" role="group" aria-label={`${what}: ${value}`}>
    {icon}
    <span>{value}</span>
    <button type="button" aria-label={`Take away the filter ${what}`} onClick={onClear}>
      <X aria-hidden="true" />
    </button>
  </span>
);

/** An input that counts when it is left or Enter is pressed: not each letter is a search. */
function Committed({
  label,
  placeholder,
  value,
  list,
  onCommit,
}: {
  label: string;
  placeholder: string;
  value: string;
  list?: string;
  onCommit: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = () => text.trim() !== value && onCommit(text.trim());
  return (
    <Input
      aria-label={label}
      placeholder={placeholder}
      value={text}
      list={list}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
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

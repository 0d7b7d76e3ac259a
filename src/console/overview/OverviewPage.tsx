import './overview.css';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Activity } from 'lucide-react';
import { useSearchParams } from 'react-router';
import { api } from '../api/client';
import type { Overview } from '../api/types';
import { Empty, Failed, Loading, Segmented } from '../ui';
import { Broken } from './Broken';
import { ConnectorTable } from './ConnectorTable';
import { Funnels } from './Funnels';
import { Nodes, Stored, Waiting } from './Rest';
import { RunsChart } from './RunsChart';

const interval = 5_000;

const periods = [
  { value: 'hour', label: 'Last hour' },
  { value: 'day', label: 'Last day' },
  { value: 'week', label: 'Last week' },
];

/** How everything is: what an operator looks at first. */
export function OverviewPage() {
  const [search, setSearch] = useSearchParams();
  const since = periods.some((period) => period.value === search.get('since')) ? search.get('since')! : 'day';
  const overview = useQuery({
    queryKey: ['overview', since],
    queryFn: ({ signal }) => api.get<Overview>(`/api/overview?since=${since}`, signal),
    refetchInterval: interval,
    placeholderData: keepPreviousData,
  });

  return (
    <div className="page overview">
      <title>Overview · FlowEngine</title>
      <header className="page-head">
        <div>
          <h1>Overview</h1>
          <p className="lead">Who signs in, what is broken, and where people wait. Counted anew every few seconds, over all servers.</p>
        </div>
        <Segmented
          aria-label="Period"
          options={periods}
          value={since}
          onChange={(value) => setSearch(value === 'day' ? {} : { since: value }, { replace: true })}
        />
      </header>
      {overview.isPending ? (
        <Loading />
      ) : overview.isError ? (
        <Failed error={overview.error} onRetry={() => void overview.refetch()} />
      ) : (
        <Parts overview={overview.data} />
      )}
    </div>
  );
}

const Parts = ({ overview }: { overview: Overview }) => (
  <>
    <Broken outages={overview.broken} now={overview.at} />
    <RunsChart overview={overview} />
    <ConnectorTable connectors={overview.connectors} now={overview.at} from={overview.from} />
    {overview.flows.length > 0 ? (
      <Funnels flows={overview.flows} />
    ) : (
      <div className="card">
        <Empty icon={<Activity />} title="No flow was run">
          As soon as somebody signs in, the screens that they see stand here.
        </Empty>
      </div>
    )}
    <div className="overview-columns">
      <Waiting waiting={overview.waiting} />
      <div className="stack">
        <Stored storage={overview.storage} />
        <Nodes nodes={overview.nodes} now={overview.at} />
      </div>
    </div>
  </>
);

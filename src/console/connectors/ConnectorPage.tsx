import './connectors.css';
import { useQuery } from '@tanstack/react-query';
import { PlugZap } from 'lucide-react';
import { Link, useParams } from 'react-router';
import { ApiError, api } from '../api/client';
import type { ConnectorDetail } from '../api/types';
import { useSchema } from '../forms';
import { Empty, Failed, Loading } from '../ui';
import { ConnectorEditor } from './ConnectorEditor';

/** One connector: its settings, a test, its signature, its addresses. */
export function ConnectorPage() {
  const { id = '' } = useParams();
  const schema = useSchema();
  const connector = useQuery({
    queryKey: ['connector', id],
    queryFn: ({ signal }) => api.get<ConnectorDetail>(`/api/connectors/${encodeURIComponent(id)}`, signal),
  });

  if (connector.isPending || schema.isPending)
    return (
      <div className="page">
        <div className="card">
          <Loading lines={6} />
        </div>
      </div>
    );
  if (connector.isError)
    return (
      <div className="page">
        {connector.error instanceof ApiError && connector.error.status === 404 ? (
          <Empty icon={<PlugZap />} title={`There is no connector “${id}”`} action={<Link to="/connectors">To the connectors</Link>}>
            It may have been deleted, or the address is misspelt.
          </Empty>
        ) : (
          <Failed error={connector.error} onRetry={() => void connector.refetch()} />
        )}
      </div>
    );
  if (schema.isError)
    return (
      <div className="page">
        <Failed error={schema.error} onRetry={() => void schema.refetch()} />
      </div>
    );
  return <ConnectorEditor key={id} stored={connector.data} type={String(connector.data.definition['type'] ?? '')} schema={schema.data} />;
}

import './connectors.css';
import { useSearchParams } from 'react-router';
import { useSchema } from '../forms';
import { Failed, Loading } from '../ui';
import { ConnectorEditor } from './ConnectorEditor';

/** A connector that is not stored yet. */
export function NewConnectorPage() {
  const [search] = useSearchParams();
  const schema = useSchema();
  const type = search.get('type') === 'sql' ? 'sql' : 'http';
  if (schema.isPending)
    return (
      <div className="page">
        <div className="card">
          <Loading lines={6} />
        </div>
      </div>
    );
  if (schema.isError)
    return (
      <div className="page">
        <Failed error={schema.error} onRetry={() => void schema.refetch()} />
      </div>
    );
  return <ConnectorEditor key={type} type={type} schema={schema.data} />;
}

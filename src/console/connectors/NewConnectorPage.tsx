import './connectors.css';
import { useSearchParams } from 'react-router';
import { useSchema } from '../forms';
import { Failed, Loading } from '../ui';
import { ConnectorEditor } from './ConnectorEditor';

/** A connector that is not stored yet. */
export function NewConnectorPage() {
  const [search] = useSearchParams();
  const schema = useSchema();
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
  const wanted = search.get('type');
  const type = (schema.data.connectors.find((one) => one.type === wanted) ?? schema.data.connectors[0])!.type;
  return <ConnectorEditor key={type} type={type} schema={schema.data} />;
}

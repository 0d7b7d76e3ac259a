import { Puzzle } from 'lucide-react';
import { useSchema } from '../forms';
import { Empty, Failed, Loading } from '../ui';

/** The extensions in use, as the server loaded them when it started. */
export function ExtensionsPage() {
  const schema = useSchema();
  return (
    <div className="page">
      <title>Extensions · FlowEngine</title>
      <header className="page-head">
        <div>
          <h1>Extensions</h1>
          <p className="lead">Code of others in this server, loaded when it started. It has all rights of the server.</p>
        </div>
      </header>
      <div className="card">
        {schema.isPending ? (
          <Loading />
        ) : schema.isError ? (
          <Failed error={schema.error} onRetry={() => void schema.refetch()} />
        ) : schema.data.extensions.length === 0 ? (
          <Empty icon={<Puzzle />} title="No extensions">
            Whoever operates the server names a folder of them in the setting <code>Extensions:Folder</code>.
          </Empty>
        ) : (
          <div className="table-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Extension</th>
                  <th scope="col">Version</th>
                  <th scope="col">Brings</th>
                </tr>
              </thead>
              <tbody>
                {schema.data.extensions.map(({ name, version, brings }) => (
                  <tr key={name}>
                    <td>
                      <strong>{name}</strong>
                    </td>
                    <td data-label="Version" className="nowrap">
                      {version}
                    </td>
                    <td data-label="Brings">{brings.join(', ')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </div>
  );
}

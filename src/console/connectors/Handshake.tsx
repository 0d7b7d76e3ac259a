import { Badge } from '../ui';
import { endsSoon } from './certificate';
import type { HttpTestResult, SeenCertificate } from './testRequest';

const trusted: Record<string, string> = {
  any: 'Any certificate is trusted, for this connector alone.',
  caCertificates: 'Only the authorities of this connector’s CA certificates are trusted.',
  system: 'The system’s authorities are trusted.',
};

/** The handshake of a test: the API's certificates as they were seen, what is trusted and why, and how long they are good for. */
export function Handshake({ tls }: { tls: NonNullable<HttpTestResult['tls']> }) {
  return (
    <section className="card" aria-label="TLS">
      <div className="card-head">
        <h2>TLS</h2>
        <Badge tone={tls.problems.length > 0 ? 'warning' : 'success'}>
          {tls.problems.length > 0 ? tls.problems.join(', ') : 'Trusted'}
        </Badge>
      </div>
      <div className="card-body stack">
        <p className="muted">{trusted[tls.trusts] ?? tls.trusts}</p>
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Certificate</th>
                <th scope="col">Issued by</th>
                <th scope="col">Good until</th>
              </tr>
            </thead>
            <tbody>
              {tls.chain.map((certificate) => (
                <Row key={certificate.subject} certificate={certificate} name={certificate.subject} />
              ))}
              {tls.client && <Row certificate={tls.client} name={`Ours: ${tls.client.subject}`} />}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}

const Row = ({ certificate, name }: { certificate: SeenCertificate; name: string }) => (
  <tr>
    <th scope="row">{name}</th>
    <td>{certificate.issuer}</td>
    <td>
      {certificate.notAfter}{' '}
      <Badge tone={certificate.daysLeft < 0 ? 'danger' : endsSoon(certificate.daysLeft) ? 'warning' : 'success'}>
        {certificate.daysLeft < 0 ? 'ended' : `${certificate.daysLeft} days`}
      </Badge>
    </td>
  </tr>
);

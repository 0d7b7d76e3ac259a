import type { JsonObject, Setting } from '../api/types';
import { Redacted } from '../forms';
import { mask } from '../forms/secret';
import { CopyButton } from '../ui';
import { Comparison } from './Comparison';
import { Received } from './Received';
import type { TryOut } from './tryOut';
import { configurationOf } from './definition';
import { NotSigned, SendFirst, VerifyThere } from './SignatureParts';
import type { HttpTestResult } from './testRequest';
import { messageVerifiers } from './verifiers';

/** What the message signature (RFC 9421) of the last test was made over, and how the receiver verifies it. */
export function MessageSignatureTab({
  signing,
  definition,
  result,
  tryOut,
  disabled,
  onTab,
}: {
  /** The setting that says how messages are signed. */
  signing: Setting;
  definition: JsonObject;
  result: HttpTestResult | undefined;
  tryOut: TryOut;
  disabled: boolean;
  onTab: (tab: string) => void;
}) {
  const isSigned = Boolean(configurationOf(definition)[signing.name]);
  const signature = result?.messageSignature;
  return (
    <div className="stack">
      {!isSigned && !signature && (
        <NotSigned title="Requests carry no message signature" setting={signing} disabled={disabled} onTab={onTab}>
          With one, the API tells by a public key that a request came from here and was not changed on the way.
        </NotSigned>
      )}
      {signature ? (
        <SignedMessage signature={signature} />
      ) : (
        isSigned && <SendFirst toSee="the signature base line by line, and the key that verifies it" onTab={onTab} />
      )}
      {isSigned && !disabled && (
        <Received
          kind="messageSignature"
          tryOut={tryOut}
          last={
            signature && !signature.base.join().includes(mask)
              ? { signed: signature.base.join('\n'), signature: signature.value }
              : undefined
          }
        />
      )}
      <VerifyThere verifiers={messageVerifiers}>
        Ask for the components that you agreed on, not for those that the request lists; compute the digest of the raw body; refuse what has
        expired.
      </VerifyThere>
    </div>
  );
}

function SignedMessage({ signature }: { signature: NonNullable<HttpTestResult['messageSignature']> }) {
  const text = signature.base.join('\n');
  const isMasked = text.includes(mask);
  return (
    <section className="card" aria-label="Signed in the last test">
      <div className="card-head">
        <h2>Signed in the last test</h2>
      </div>
      <div className="card-body stack">
        <div className="copyable">
          {!isMasked && <CopyButton text={text} label="Copy the signature base" />}
          <pre className="code-block" data-wrap tabIndex={0} aria-label="Signature base">
            {signature.base.map((line, index) => (
              <div key={index}>
                <span className="muted">{String(index + 1).padStart(2)} </span>
                <Redacted text={line} />
              </div>
            ))}
          </pre>
        </div>
        <p className="field-hint">
          Lines are joined by a line feed alone; there is none at the end.
          {isMasked && ' Secrets in them are replaced by ***, so these lines alone do not give the signature.'}
        </p>
        {!isMasked && <Comparison ours={text} what="the signature base" />}
        <dl className="facts">
          <dt>signature</dt>
          <dd className="row">
            <code className="break">
              {signature.label}=:{signature.value}:
            </code>
            <CopyButton text={signature.value} label="Copy the signature" />
          </dd>
          <dt>algorithm</dt>
          <dd>
            <code>{signature.algorithm}</code>
          </dd>
          {signature.publicKey && (
            <>
              <dt>public key</dt>
              <dd className="row">
                <code className="break">{signature.publicKey}</code>
                <CopyButton text={signature.publicKey} label="Copy the public key" />
              </dd>
            </>
          )}
        </dl>
      </div>
    </section>
  );
}

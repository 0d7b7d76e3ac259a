import { useState } from 'react';
import type { Diagnostic, JsonObject, Setting } from '../api/types';
import { labelOf, problemsWithin, Redacted } from '../forms';
import { mask } from '../forms/secret';
import { counted } from '../text/counted';
import { Button, CopyButton, Field, Input, Notice, Segmented } from '../ui';
import { Comparison } from './Comparison';
import { Received } from './Received';
import type { TryOut } from './tryOut';
import { configurationOf, headerOf, headerPointer, withHeader } from './definition';
import { hexOf, partsOf, recommendedTemplate, templateHeader } from './signature';
import type { HttpTestResult } from './testRequest';
import { verifiers } from './verifiers';
import { NotSigned, SendFirst, VerifyThere } from './SignatureParts';

/** What is signed, what was signed last, and how the receiver verifies it. */
export function SignatureTab({
  signing,
  headers,
  definition,
  onChange,
  result,
  tryOut,
  disabled,
  diagnostics,
  onTab,
}: {
  /** The setting of the key. */
  signing: Setting;
  /** The name of the setting that has the headers, the template among them. */
  headers: string;
  definition: JsonObject;
  onChange: (definition: JsonObject) => void;
  result: HttpTestResult | undefined;
  tryOut: TryOut;
  disabled: boolean;
  diagnostics: Diagnostic[];
  onTab: (tab: string) => void;
}) {
  const isSigned = Boolean(configurationOf(definition)[signing.name]);
  const connectorTemplate = headerOf(definition, headers, templateHeader);
  const signature = result?.signature;
  // The request's own template counts over the connector's.
  const template = (signature && result?.request?.headers[templateHeader]) ?? connectorTemplate;
  const parts = partsOf(template, signature && result?.request);

  return (
    <div className="stack">
      {!isSigned && (
        <NotSigned title="Requests are not signed" setting={signing} disabled={disabled} onTab={onTab}>
          With an {labelOf(signing)}, each request carries a signature by which the API can tell that it came from here and was not changed
          on the way.
        </NotSigned>
      )}

      <section className="card" aria-label="What is signed">
        <div className="card-head">
          <h2>What is signed</h2>
          {!disabled && isSigned && connectorTemplate === '' && (
            <Button size="small" onClick={() => onChange(withHeader(definition, headers, templateHeader, recommendedTemplate))}>
              Use the recommended template
            </Button>
          )}
        </div>
        <div className="card-body stack">
          <Field
            label="Signature template"
            hint={
              <>
                What is signed, in order: <code>METHOD</code>, <code>URI</code>, <code>BODY</code>, <code>HEADER_name</code>, separated by
                commas; empty for the body alone. It is sent as the header <code>{templateHeader}</code>.
              </>
            }
            problems={problemsWithin(diagnostics, headerPointer(definition, headers, templateHeader) ?? '/none')}
          >
            {(input) => (
              <Input
                {...input}
                mono
                value={connectorTemplate}
                placeholder={recommendedTemplate}
                disabled={disabled}
                onChange={(event) => onChange(withHeader(definition, headers, templateHeader, event.target.value))}
              />
            )}
          </Field>
          <p className="muted">
            HMAC-SHA256 over {template === '' ? 'the body alone' : 'these values, in this order, joined by nothing'}; in standard base64 in
            the header <code>x-descope-webhook-s256</code>.
            {template !== '' && (
              <>
                {' '}
                The template is the header <code>{templateHeader}</code>: <code>{template}</code>.
              </>
            )}
          </p>
          {template === '' && isSigned && (
            <Notice tone="warning">
              A body alone can be sent again by anyone who has seen it, to another path or a year later. The template{' '}
              <code>{recommendedTemplate}</code> covers method, path, time and body.
            </Notice>
          )}
          <div className="table-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Element</th>
                  <th scope="col">Its value</th>
                  {signature && <th scope="col">In the last test</th>}
                </tr>
              </thead>
              <tbody>
                {parts.map(({ element, meaning, value }, index) => (
                  <tr key={index}>
                    <th scope="row">
                      <code>{element}</code>
                    </th>
                    <td data-label="Its value">{meaning}</td>
                    {signature && (
                      <td data-label="In the last test">
                        {value ? (
                          <code className="break">
                            <Redacted text={shorten(value)} />
                          </code>
                        ) : (
                          <span className="muted">nothing</span>
                        )}
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      </section>

      {signature ? (
        <Signed signature={signature} />
      ) : (
        isSigned && <SendFirst toSee="the exact bytes that were signed, and the signature" onTab={onTab} />
      )}

      {isSigned && !disabled && (
        <Received
          kind="hmac"
          tryOut={tryOut}
          last={
            signature && !signature.signedText.includes(mask) ? { signed: signature.signedText, signature: signature.value } : undefined
          }
        />
      )}

      <VerifyThere verifiers={verifiers}>
        Use the template that you agreed on, not the one in the request; verify the raw body before it is parsed; refuse old timestamps.
      </VerifyThere>
    </div>
  );
}

function Signed({ signature }: { signature: NonNullable<HttpTestResult['signature']> }) {
  const [view, setView] = useState('text');
  const { lines, bytes } = hexOf(signature.signedText);
  const isMasked = signature.signedText.includes(mask);
  return (
    <section className="card" aria-label="Signed in the last test">
      <div className="card-head">
        <h2>Signed in the last test</h2>
        <Segmented
          aria-label="View of the signed bytes"
          options={[
            { value: 'text', label: 'Text' },
            { value: 'hex', label: 'Bytes' },
          ]}
          value={view}
          onChange={setView}
        />
      </div>
      <div className="card-body stack">
        {bytes === 0 ? (
          <p className="muted">No bytes: the request had no body.</p>
        ) : view === 'text' ? (
          <div className="copyable">
            {!isMasked && <CopyButton text={signature.signedText} label="Copy the signed text" />}
            <pre className="code-block" data-wrap tabIndex={0} aria-label="Signed text">
              <Redacted text={signature.signedText} />
            </pre>
          </div>
        ) : (
          <pre className="code-block hex" tabIndex={0} aria-label="Signed bytes">
            {lines.map(({ offset, hex, text }) => (
              <div key={offset}>
                <span className="muted">{offset}</span> {hex.padEnd(48)} <span className="hex-text">{text}</span>
              </div>
            ))}
          </pre>
        )}
        <p className="field-hint">
          {counted(bytes, 'byte')}
          {isMasked && ' as shown. Secrets in them are replaced by ***, so these bytes alone do not give the signature'}.
        </p>
        {!isMasked && <Comparison ours={signature.signedText} what="the message" />}
        <dl className="facts">
          <dt>{signature.header}</dt>
          <dd className="row">
            <code className="break">{signature.value}</code>
            <CopyButton text={signature.value} label="Copy the signature" />
          </dd>
        </dl>
      </div>
    </section>
  );
}

const shorten = (text: string): string => (text.length > 160 ? `${text.slice(0, 160)}…` : text);

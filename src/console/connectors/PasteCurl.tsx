import { useMemo, useState } from 'react';
import { counted } from '../text/counted';
import { Button, Dialog, Field, Notice, Switch, TextArea } from '../ui';
import { parseCurl } from './curl/curl';
import { fromCurl, type FromCurl } from './curl/fromCurl';
import type { CurlTarget } from './roles';

/** Fills the test, and the settings too if wanted, from a cURL command. Nothing is sent. */
export function PasteCurl({
  open,
  onClose,
  isNew,
  target,
  baseUrl,
  onTake,
}: {
  open: boolean;
  onClose: () => void;
  isNew: boolean;
  target: CurlTarget;
  baseUrl: string;
  onTake: (taken: FromCurl, withSettings: boolean) => void;
}) {
  const [text, setText] = useState('');
  const [withSettings, setWithSettings] = useState(isNew);
  const read = useMemo(() => {
    if (text.trim() === '') return undefined;
    const command = parseCurl(text);
    return 'problem' in command ? command : fromCurl(command, target, baseUrl || undefined);
  }, [text, target, baseUrl]);
  const taken = read && !('problem' in read) ? read : undefined;
  const isElsewhere = taken !== undefined && baseUrl !== '' && taken.baseUrl !== baseUrl.replace(/\/+$/, '');

  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="large"
      title="Paste a cURL command"
      description="From API documentation or the network tab of a browser. It is only read here, not run."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            disabled={!taken}
            onClick={() => {
              if (taken) {
                onTake(taken, withSettings);
                setText('');
              }
            }}
          >
            Fill in
          </Button>
        </>
      }
    >
      <Field label="cURL command" problems={read && 'problem' in read ? [{ message: read.problem }] : []}>
        {(input) => (
          <TextArea
            {...input}
            mono
            rows={7}
            autoFocus
            value={text}
            placeholder={"curl https://api.example.com/users/42 \\\n  -H 'Authorization: Bearer …'"}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      {taken && (
        <>
          <dl className="facts">
            <dt>Request</dt>
            <dd>
              <code>
                {taken.request.method} {taken.request.endpoint || '/'}
              </code>
            </dd>
            <dt>Base URL</dt>
            <dd>
              <code>{taken.baseUrl}</code>
            </dd>
            {taken.request.headers.length > 0 && (
              <>
                <dt>Headers</dt>
                <dd>{taken.request.headers.map(({ name }) => name).join(', ')}</dd>
              </>
            )}
            {taken.kind !== undefined && (
              <>
                <dt>Credentials</dt>
                <dd>
                  {target.authentication?.kinds.find(({ value }) => value === taken.kind)?.label ?? taken.kind}, kept as a secret of the
                  connector
                </dd>
              </>
            )}
            {target.clientCertificate !== undefined && taken.configuration[target.clientCertificate] !== undefined && (
              <>
                <dt>Client certificate</dt>
                <dd>
                  <code>{String(taken.configuration[target.clientCertificate])}</code>
                </dd>
              </>
            )}
            {target.authorities !== undefined && taken.configuration[target.authorities] !== undefined && (
              <>
                <dt>Authorities</dt>
                <dd>
                  <code>{String(taken.configuration[target.authorities])}</code>
                </dd>
              </>
            )}
            {taken.request.bodyType !== 'none' && (
              <>
                <dt>Body</dt>
                <dd>
                  {taken.request.bodyType},{' '}
                  {taken.request.bodyType === 'multipart'
                    ? counted(taken.request.parts.length, 'part')
                    : counted(taken.request.body.length, 'character')}
                </dd>
              </>
            )}
          </dl>
          {!isNew && (
            <div>
              <Switch
                label="Also change the connector’s base URL, authentication and TLS"
                checked={withSettings}
                onChange={(event) => setWithSettings(event.target.checked)}
              />
              {taken.kind !== undefined && !withSettings && (
                <p className="field-hint">The credentials in the command are left out: the connector uses its own.</p>
              )}
            </div>
          )}
          {isElsewhere && !withSettings && (
            <Notice tone="warning">
              The command goes to {taken.baseUrl}, the connector to {baseUrl}. The test will go to the connector’s base URL.
            </Notice>
          )}
          {taken.notes.length > 0 && (
            <Notice tone="warning">
              <ul className="plain-list">
                {taken.notes.map((note, index) => (
                  <li key={index}>{note}</li>
                ))}
              </ul>
            </Notice>
          )}
        </>
      )}
    </Dialog>
  );
}

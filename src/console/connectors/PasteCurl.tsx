import { useMemo, useState } from 'react';
import type { CredentialHeader, Json } from '../api/types';
import { counted } from '../text/counted';
import { Button, Dialog, Field, Notice, Switch, TextArea } from '../ui';
import { parseCurl } from './curl/curl';
import { fromCurl, type FromCurl } from './curl/fromCurl';

/** Fills the test, and the settings too if wanted, from a cURL command. Nothing is sent. */
export function PasteCurl({
  open,
  onClose,
  isNew,
  known,
  kinds,
  baseUrl,
  onTake,
}: {
  open: boolean;
  onClose: () => void;
  isNew: boolean;
  /** How the credentials of each kind of authentication look. */
  known: CredentialHeader[];
  /** What the kinds are called. */
  kinds: { value: Json; label: string }[];
  baseUrl: string;
  onTake: (taken: FromCurl, withSettings: boolean) => void;
}) {
  const [text, setText] = useState('');
  const [withSettings, setWithSettings] = useState(isNew);
  const read = useMemo(() => {
    if (text.trim() === '') return undefined;
    const command = parseCurl(text);
    return 'problem' in command ? command : fromCurl(command, known, baseUrl || undefined);
  }, [text, known, baseUrl]);
  const taken = read && !('problem' in read) ? read : undefined;
  const isElsewhere = taken !== undefined && baseUrl !== '' && taken.configuration['baseUrl'] !== baseUrl.replace(/\/+$/, '');
  const authentication = taken?.configuration['authentication'] as { method: string } | undefined;

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
              <code>{String(taken.configuration['baseUrl'])}</code>
            </dd>
            {taken.request.headers.length > 0 && (
              <>
                <dt>Headers</dt>
                <dd>{taken.request.headers.map(({ name }) => name).join(', ')}</dd>
              </>
            )}
            {authentication && (
              <>
                <dt>Credentials</dt>
                <dd>
                  {kinds.find(({ value }) => value === authentication.method)?.label ?? authentication.method}, kept as a secret of the
                  connector
                </dd>
              </>
            )}
            {taken.request.bodyType !== 'none' && (
              <>
                <dt>Body</dt>
                <dd>
                  {taken.request.bodyType}, {counted(taken.request.body.length, 'character')}
                </dd>
              </>
            )}
          </dl>
          {!isNew && (
            <div>
              <Switch
                label="Also change the connector’s base URL and authentication"
                checked={withSettings}
                onChange={(event) => setWithSettings(event.target.checked)}
              />
              {authentication && !withSettings && (
                <p className="field-hint">The credentials in the command are left out: the connector uses its own.</p>
              )}
            </div>
          )}
          {isElsewhere && !withSettings && (
            <Notice tone="warning">
              The command goes to {String(taken.configuration['baseUrl'])}, the connector to {baseUrl}. The test will go to the connector’s
              base URL.
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

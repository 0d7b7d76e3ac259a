import { useQueryClient } from '@tanstack/react-query';
import { ChevronRight, ClipboardPaste, Download, Ellipsis, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, ApiError } from '../api/client';
import type { ConnectorDetail, Diagnostic, JsonObject, Schema } from '../api/types';
import { useMay } from '../app/session';
import { exportConnector } from '../flows/files';
import { countOf, focusProblem, isObject, sentenceAt } from '../forms';
import { Badge, Button, IconButton, Menu, Notice, Tabs, toast, toastError, UnsavedGuard, type Tab } from '../ui';
import { ConflictDialog } from './ConflictDialog';
import type { FromCurl } from './curl/fromCurl';
import { configurationOf, differences, textAt } from './definition';
import { CertificateBadge } from './CertificateBadge';
import { DeleteConnector } from './DeleteConnector';
import { PasteCurl } from './PasteCurl';
import { MessageSignatureTab } from './MessageSignatureTab';
import { curlTargetOf, dangersOf, partSettingOf, settingOf, warningOf } from './roles';
import { SettingsTab } from './SettingsTab';
import { SignatureTab } from './SignatureTab';
import { ConnectionTab } from './ConnectionTab';
import { StaticIpsTab } from './StaticIpsTab';
import { emptyRequest, type ConnectionResult, type HttpTestResult, type TestRequest } from './testRequest';
import { TestTab } from './TestTab';
import { tryOutOf } from './tryOut';
import { TypeIcon } from './TypeIcon';
import { useConnectorDraft } from './useConnectorDraft';
import { WarningBadge } from './WarningBadge';

/** A connector's page: what is entered in one tab stays while another is looked at. */
export function ConnectorEditor({ stored, type, schema }: { stored?: ConnectorDetail; type: string; schema: Schema }) {
  const known = schema.connectors.find((one) => one.type === type) ?? {
    type,
    label: type,
    trial: 'connection',
    credentialHeaders: [],
    settings: [],
  };
  const takesRequests = known.trial === 'request';
  const curl = curlTargetOf(known, schema.definitions);
  const [signing, headers, address, messages] = (['signature', 'headers', 'address', 'messageSignature'] as const).map((role) =>
    settingOf(known, role),
  );
  const staticAddresses = settingOf(known, 'staticAddresses');
  const draft = useConnectorDraft(stored, known);
  const { definition, setDefinition, isChanged, isNew, diagnostics } = draft;
  const [search, setSearch] = useSearchParams();
  const [isSaving, setSaving] = useState(false);
  const [theirs, setTheirs] = useState<ConnectorDetail>();
  const [isDeleting, setDeleting] = useState(false);
  const [isPasting, setPasting] = useState(false);
  const [result, setResult] = useState<HttpTestResult>();
  const [connection, setConnection] = useState<ConnectionResult>();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayChange = useMay('designer');
  const [broken, setBroken] = useState<Diagnostic[]>([]);
  // Kept beside what the server answers, until somebody signs out: going elsewhere and back loses no request.
  const [request, keepRequest] = useState(() => queries.getQueryData<TestRequest>(['test-request', stored?.id ?? '']) ?? emptyRequest);
  const setRequest = (next: TestRequest, of = stored?.id ?? '') => {
    keepRequest(next);
    queries.setQueryData(['test-request', of], next);
  };

  const show = (next: string) => setSearch({ ...Object.fromEntries(search), tab: next }, { replace: true });
  const id = stored?.id ?? textAt(definition, 'id');
  const name =
    textAt(definition, 'name') ||
    id ||
    `New ${known.label === known.label.toUpperCase() ? known.label : known.label.toLowerCase()} connector`;
  const dangers = dangersOf(known, configurationOf(definition));
  const errors = diagnostics.filter((one) => one.severity === 'error');
  const urlOf = (of: JsonObject) => String(configurationOf(of)[address?.name ?? ''] ?? '');

  const save = async (revision = draft.revision) => {
    setSaving(true);
    try {
      if (isNew) {
        const made = await api.post<{ id: string }>('/api/connectors', { definition });
        setRequest(request, made.id);
        queries.removeQueries({ queryKey: ['test-request', ''] });
        void queries.invalidateQueries({ queryKey: ['connectors'] });
        toast(`Made the connector ${name}.`, 'success', 'save');
        draft.rebase(definition, undefined);
        // Once the page knows that nothing is unsaved.
        setTimeout(
          () => void navigate(`/connectors/${encodeURIComponent(made.id)}?tab=${search.get('tab') ?? 'settings'}`, { replace: true }),
        );
        return;
      }
      const saved = await api.put<{ warnings?: Diagnostic[] }>(`/api/connectors/${encodeURIComponent(id)}`, { definition, revision });
      setBroken(saved.warnings ?? []);
      const fresh = await api.get<ConnectorDetail>(`/api/connectors/${encodeURIComponent(id)}`);
      queries.setQueryData(['connector', id], fresh);
      void queries.invalidateQueries({ queryKey: ['connectors'] });
      draft.rebase(fresh.definition, fresh.revision);
      setTheirs(undefined);
      toast('Saved.', 'success', 'save');
    } catch (error) {
      if (error instanceof ApiError && error.code === 'api.conflict' && isObject(error.body['current'] as JsonObject))
        setTheirs(error.body['current'] as ConnectorDetail);
      else {
        const found = error instanceof ApiError ? error.diagnostics.filter((one) => one.severity === 'error') : [];
        if (error instanceof ApiError && found.length > 0) {
          refuse(error.diagnostics);
        } else if (error instanceof ApiError && error.code === 'connector.exists') {
          refuse([
            {
              pointer: '/id',
              code: error.code,
              severity: 'error',
              message: `There is a connector “${id}” already.`,
              advice: 'Choose another ID.',
            },
          ]);
        } else toast((error as Error).message, 'danger', 'save');
      }
    } finally {
      setSaving(false);
    }
  };

  const refuse = (found: Diagnostic[]) => {
    draft.refuse(found);
    show('settings');
  };
  const tab = search.get('tab');
  // Once the problems are drawn, on the tab where they are.
  useEffect(() => {
    if (draft.refusal && (tab === null || tab === 'settings')) focusProblem(document.querySelector('.connector-form'));
  }, [draft.refusal, tab]);

  const takeCurl = ({ configuration, request: pasted }: FromCurl, withSettings: boolean) => {
    setRequest({ ...request, ...pasted, query: [] });
    if (withSettings) setDefinition({ ...definition, configuration: { ...configurationOf(definition), ...configuration } });
    setPasting(false);
    setResult(undefined);
    show(isNew ? 'settings' : 'test');
    toast(withSettings ? 'Filled in the settings and the test.' : 'Filled in the test.');
  };

  const testProps = { id, definition, isUnsaved: isNew || isChanged, errors: errors.length, mayTest: mayChange };
  const tryOut = tryOutOf(id, isNew || isChanged ? definition : undefined);
  const tabs: Tab[] = [
    {
      id: 'settings',
      label: (
        <>
          Settings
          {errors.length > 0 && (
            <span className="tab-count" aria-label={countOf(errors)}>
              {errors.length}
            </span>
          )}
        </>
      ),
      content: <SettingsTab draft={draft} type={type} schema={schema} disabled={!mayChange} onSigning={() => show('signature')} />,
    },
    ...(takesRequests
      ? [
          {
            id: 'test',
            label: 'Test',
            content: (
              <TestTab
                isUnsaved={testProps.isUnsaved}
                errors={testProps.errors}
                mayTest={testProps.mayTest}
                tryOut={tryOut}
                part={partSettingOf(schema)}
                definitions={schema.definitions}
                baseUrl={urlOf(stored?.actual && !isChanged ? stored.actual : definition)}
                request={request}
                onRequest={setRequest}
                result={result}
                onResult={setResult}
                onPaste={() => setPasting(true)}
              />
            ),
          },
        ]
      : [
          {
            id: 'test',
            label: 'Test',
            content: <ConnectionTab {...testProps} settings={known.settings} result={connection} onResult={setConnection} />,
          },
        ]),
    ...(signing && headers
      ? [
          {
            id: 'signature',
            label: 'Signature',
            content: (
              <SignatureTab
                signing={signing}
                headers={headers.name}
                definition={definition}
                onChange={setDefinition}
                result={result}
                tryOut={tryOut}
                disabled={!mayChange}
                diagnostics={diagnostics}
                onTab={show}
              />
            ),
          },
        ]
      : []),
    ...(messages
      ? [
          {
            id: 'message-signature',
            label: 'Message signature',
            content: (
              <MessageSignatureTab
                signing={messages}
                definition={definition}
                result={result}
                tryOut={tryOut}
                disabled={!mayChange}
                onTab={show}
              />
            ),
          },
        ]
      : []),
    ...(staticAddresses
      ? [
          {
            id: 'static-ips',
            label: 'Static IPs',
            content: <StaticIpsTab setting={staticAddresses} definition={definition} onChange={setDefinition} disabled={!mayChange} />,
          },
        ]
      : []),
  ];

  return (
    <div className="page">
      <title>{`${name} · Connectors · FlowEngine`}</title>
      <header className="page-head connector-head">
        <div className="connector-title">
          <TypeIcon type={type} />
          <div>
            <nav className="crumbs" aria-label="Breadcrumb">
              <Link to="/connectors">Connectors</Link>
              <ChevronRight aria-hidden="true" />
              <span>{isNew ? 'New' : <code>{id}</code>}</span>
            </nav>
            <div className="row">
              <h1>{name}</h1>
              {dangers.map((setting) => (
                <WarningBadge warning={warningOf(setting)} key={setting.name} />
              ))}
              <CertificateBadge daysLeft={stored?.certificateDaysLeft} />
              {isChanged && <Badge tone="warning">Not saved</Badge>}
            </div>
          </div>
        </div>
        {mayChange && (
          <div className="toolbar">
            {curl && isNew && (
              <Button icon={<ClipboardPaste />} onClick={() => setPasting(true)}>
                Paste cURL
              </Button>
            )}
            {!isNew && isChanged && (
              <Button kind="quiet" onClick={() => stored && draft.rebase(stored.definition, stored.revision)}>
                Discard changes
              </Button>
            )}
            <Button kind="primary" busy={isSaving} disabled={!isNew && !isChanged} onClick={() => void save()}>
              {isNew ? 'Make connector' : 'Save'}
            </Button>
            {!isNew && (
              <Menu
                trigger={<IconButton kind="default" label="More actions" icon={<Ellipsis />} />}
                entries={[
                  ...(curl ? [{ label: 'Paste cURL', icon: <ClipboardPaste />, onSelect: () => setPasting(true) }] : []),
                  { label: 'Export as file', icon: <Download />, onSelect: () => void exportConnector(id).catch(toastError) },
                  { label: 'Delete', icon: <Trash2 />, tone: 'danger' as const, onSelect: () => setDeleting(true) },
                ]}
              />
            )}
          </div>
        )}
      </header>

      {dangers.map((setting) => (
        <Notice tone="danger" key={setting.name}>
          <strong>{warningOf(setting)}.</strong> {setting.description}
        </Notice>
      ))}
      {draft.refusal && errors.length > 0 && (
        <Notice tone="danger" role="alert">
          <strong>Not saved.</strong> {countOf(errors)} in the settings: each is marked where it is.
        </Notice>
      )}
      {broken.length > 0 && (
        <Notice tone="warning" role="alert">
          <strong>Saved, but flows that use this connector have problems now:</strong>
          <ul className="plain-list">
            {broken.map((one, index) => (
              <li key={index}>
                {one.file && <code>{one.file}</code>} {sentenceAt(one)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {stored?.actual && (
        <Notice>
          <strong>This is the demo:</strong> its API and database stand elsewhere than the files say, and calls go there:{' '}
          {differences(definition, stored.actual).map(({ theirs }, index) => (
            <span key={index}>
              {index > 0 && ', '}
              <code className="break">{String(theirs)}</code>
            </span>
          ))}
          .
        </Notice>
      )}
      {draft.isStale && isChanged && (
        <Notice tone="warning">
          Somebody saved this connector meanwhile. Your changes are still here; when you save, you choose which to keep.
        </Notice>
      )}

      <Tabs label="Parts of the connector" tabs={tabs} value={tabs.some((one) => one.id === tab) ? tab! : 'settings'} onChange={show} />

      <UnsavedGuard when={isChanged} what={name} />
      {theirs && (
        <ConflictDialog
          mine={definition}
          theirs={theirs}
          busy={isSaving}
          onClose={() => setTheirs(undefined)}
          onTheirs={() => {
            queries.setQueryData(['connector', id], theirs);
            draft.rebase(theirs.definition, theirs.revision);
            setTheirs(undefined);
          }}
          onMine={() => void save(theirs.revision)}
        />
      )}
      {stored && (
        <DeleteConnector
          connector={stored}
          open={isDeleting}
          onClose={() => setDeleting(false)}
          onDeleted={() => {
            draft.rebase(stored.definition, stored.revision);
            setTimeout(() => void navigate('/connectors'));
          }}
        />
      )}
      {curl && (
        <PasteCurl
          open={isPasting}
          onClose={() => setPasting(false)}
          isNew={isNew}
          target={curl}
          baseUrl={urlOf(definition)}
          onTake={takeCurl}
        />
      )}
    </div>
  );
}

import { useState } from 'react';
import type { JsonObject, Schema, Setting } from '../api/types';
import { problemsAt, sentenceAt, sentenceOf, SettingsForm, type CustomEditor } from '../forms';
import { Field, Input, TextArea } from '../ui';
import { configurationOf, headerOf, idOf, textAt } from './definition';
import { HmacSecretEditor, SigningContext } from './HmacSecretEditor';
import { settingOf } from './roles';
import { templateHeader } from './signature';
import type { ConnectorDraft } from './useConnectorDraft';

const hmacSecret: CustomEditor = { editor: HmacSecretEditor };
const editorOf = (setting: Setting) => (setting.role === 'signature' ? hmacSecret : undefined);

/** Name, description, and every setting of the connector's type. */
export function SettingsTab({
  draft,
  type,
  schema,
  disabled,
  onSigning,
}: {
  draft: ConnectorDraft;
  type: string;
  schema: Schema;
  disabled: boolean;
  onSigning: () => void;
}) {
  const { definition, setDefinition, diagnostics, isNew } = draft;
  // While nobody wrote an id, it follows the name.
  const [hasOwnId, setHasOwnId] = useState(() => !isNew || textAt(definition, 'id') !== idOf(textAt(definition, 'name')));
  const known = schema.connectors.find((one) => one.type === type);
  const headers = known && settingOf(known, 'headers');
  const example = known?.example ?? '';
  const set = (members: JsonObject) => setDefinition({ ...definition, ...members });
  const general = diagnostics.filter((one) => !/^\/(configuration|id|name|description)(\/|$)/.test(one.pointer));

  return (
    <form className="card connector-form" onSubmit={(event) => event.preventDefault()} aria-label="Settings">
      <section className="settings-section" aria-label="General">
        <h2>General</h2>
        <div className="settings">
          <div className="two-columns">
            <Field label="Name" problems={problemsAt(diagnostics, '/name', (one) => sentenceOf(one, 'Name'))}>
              {(input) => (
                <Input
                  {...input}
                  value={textAt(definition, 'name')}
                  placeholder={example}
                  disabled={disabled}
                  autoFocus={isNew}
                  onChange={(event) => set({ name: event.target.value, ...(isNew && !hasOwnId && { id: idOf(event.target.value) }) })}
                />
              )}
            </Field>
            <Field
              label="ID"
              required={isNew}
              hint={isNew ? 'Flows refer to it by this ID, which never changes.' : 'Flows refer to it by this ID.'}
              problems={problemsAt(diagnostics, '/id', (one) => sentenceOf(one, 'ID'))}
            >
              {(input) => (
                <Input
                  {...input}
                  mono
                  value={textAt(definition, 'id')}
                  readOnly={!isNew}
                  disabled={disabled}
                  placeholder={idOf(example)}
                  onChange={(event) => {
                    setHasOwnId(event.target.value !== '');
                    set({ id: event.target.value });
                  }}
                />
              )}
            </Field>
          </div>
          <Field label="Description" problems={problemsAt(diagnostics, '/description', (one) => sentenceOf(one, 'Description'))}>
            {(input) => (
              <TextArea
                {...input}
                rows={2}
                value={textAt(definition, 'description')}
                disabled={disabled}
                placeholder="What it is for, and who to ask"
                onChange={(event) => set({ description: event.target.value })}
              />
            )}
          </Field>
          {general.map((one, index) => (
            <div className="field-problem" data-severity={one.severity} key={index}>
              {sentenceAt(one)}
            </div>
          ))}
        </div>
      </section>
      <div className="settings-section">
        <SigningContext value={{ template: headers ? headerOf(definition, headers.name, templateHeader) : '', onShow: onSigning }}>
          <SettingsForm
            settings={known?.settings ?? []}
            definitions={schema.definitions}
            value={configurationOf(definition)}
            onChange={(configuration) => set({ configuration })}
            diagnostics={diagnostics}
            pointer="/configuration"
            disabled={disabled}
            editorOf={editorOf}
          />
        </SigningContext>
      </div>
    </form>
  );
}

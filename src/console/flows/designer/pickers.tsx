import { ExternalLink, Pencil, Plus } from 'lucide-react';
import { Link } from 'react-router';
import type { Setting } from '../../api/types';
import { warningsOf } from '../../connectors/roles';
import { useSchema, type CustomEditor, type EditorProps } from '../../forms';
import { addScreen } from '../../graph/edit';
import { newScreen } from '../../graph/create';
import { activity, screens } from '../../graph/flow';
import { uniqueId } from '../../graph/ids';
import { objects, text } from '../../graph/json';
import { contextKeys } from '../../graph/paths';
import { Button, IconButton, Select } from '../../ui';
import { ConditionEditor, RuleEditor } from './ConditionEditor';
import { useKnown } from './known';
import { NameInput } from './IdField';
import { ObjectEditor } from './ObjectEditor';
import { OutcomesEditor } from './OutcomesEditor';
import { EachEditor, ParallelEditor } from './ParallelEditor';
import { renameNamed } from './renames';
import { openScreen, useDesigner, useDesignerStore } from './store';

/** The editors that only the designer has: pickers of connectors, screens and flows, branches, inner activities, objects by name. */
export function designerEditor(setting: Setting): CustomEditor | undefined {
  if (setting.editor === 'screen') return { editor: ScreenPicker };
  if (setting.editor === 'flow') return { editor: FlowPicker };
  if (setting.editor?.startsWith('connector:')) return { editor: ConnectorPicker };
  if (setting.editor === 'contextKey') return { editor: ContextKeyEditor };
  if (setting.editor === 'branches') return { editor: ConditionEditor, bare: true };
  if (setting.editor === 'rule') return { editor: RuleEditor, bare: true };
  if (setting.editor === 'outcomes') return { editor: OutcomesEditor, bare: true };
  if (setting.editor === 'activities') return { editor: ParallelEditor, bare: true };
  if (setting.editor === 'activity') return { editor: EachEditor, bare: true };
  if (setting.editor === 'members') return { editor: ObjectEditor, bare: true };
  return undefined;
}

const current = (value: EditorProps['value']): string => (typeof value === 'string' ? value : '');

function ScreenPicker({ value, onChange, input, disabled }: EditorProps) {
  const store = useDesignerStore();
  const catalogue = useDesigner((state) => state.catalogue);
  const flow = useDesigner((state) => state.flow);
  const all = screens(flow);
  const id = current(value);
  const isKnown = all.some((item) => item['id'] === id);
  return (
    <div className="input-group">
      <Select {...input} value={id} disabled={disabled} onChange={(event) => onChange(event.target.value)}>
        {!isKnown && <option value={id}>{id ? `${id} (unknown)` : 'Choose…'}</option>}
        {all.map((item) => (
          <option value={text(item['id'])} key={text(item['id'])}>
            {text(item['id'])}
            {item['title'] ? ` – ${text(item['title'])}` : ''}
          </option>
        ))}
      </Select>
      {isKnown && (
        <Button icon={<Pencil />} onClick={() => openScreen(store, id)}>
          Edit screen
        </Button>
      )}
      {!disabled && (
        <IconButton
          label="New screen"
          icon={<Plus size={16} />}
          onClick={() => {
            const made = uniqueId(
              'screen',
              all.map((item) => text(item['id'])),
            );
            store.getState().apply(`Add the screen ${made}`, (before) => addScreen(before, newScreen(made, catalogue)));
            onChange(made);
          }}
        />
      )}
    </div>
  );
}

function FlowPicker({ value, onChange, input, disabled }: EditorProps) {
  const { flows } = useKnown();
  const own = useDesigner((state) => state.flowId);
  const id = current(value);
  const others = flows.filter((flow) => flow.id !== own);
  return (
    <div className="input-group">
      <Select {...input} value={id} disabled={disabled} onChange={(event) => onChange(event.target.value)}>
        {!others.some((flow) => flow.id === id) && <option value={id}>{id ? `${id} (unknown)` : 'Choose…'}</option>}
        {others.map((flow) => (
          <option value={flow.id} key={flow.id}>
            {flow.id} – {flow.name}
            {flow.publishedVersion === null ? ' (not published)' : ''}
          </option>
        ))}
      </Select>
      {id && (
        <Link
          className="button"
          data-kind="quiet"
          data-icon-only
          to={`/flows/${encodeURIComponent(id)}`}
          aria-label={`Open the flow ${id}`}
        >
          <ExternalLink size={16} />
        </Link>
      )}
    </div>
  );
}

function ConnectorPicker({ setting, value, onChange, input, disabled }: EditorProps) {
  const { connectors } = useKnown();
  const types = useSchema().data?.connectors;
  const id = current(value);
  const type = setting.editor!.slice('connector:'.length);
  const fitting = connectors.filter((connector) => connector.type === type);
  return (
    <>
      <div className="input-group">
        <Select {...input} value={id} disabled={disabled} onChange={(event) => onChange(event.target.value)}>
          {!fitting.some((connector) => connector.id === id) && <option value={id}>{id ? `${id} (unknown)` : 'Choose…'}</option>}
          {fitting.map((connector) => (
            <option value={connector.id} key={connector.id}>
              {connector.id}
              {connector.name && connector.name !== connector.id ? ` – ${connector.name}` : ''}
            </option>
          ))}
        </Select>
        {id && (
          <Link
            className="button"
            data-kind="quiet"
            data-icon-only
            to={`/connectors/${encodeURIComponent(id)}`}
            aria-label={`Open the connector ${id}`}
          >
            <ExternalLink size={16} />
          </Link>
        )}
      </div>
      {fitting.length === 0 && (
        <div className="field-hint">
          There is no connector of type {type} yet. <Link to="/connectors">Create one</Link>.
        </div>
      )}
      {warningsOf(
        types?.find((one) => one.type === type),
        fitting.find((connector) => connector.id === id)?.warnings ?? [],
      ).map((warning) => (
        <div className="field-problem" data-severity="warning" key={warning}>
          {warning}.
        </div>
      ))}
    </>
  );
}

/**
 * A context key. It takes effect, with every path that reads it, when the
 * person leaves the field or presses Enter; without one the id stands.
 */
function ContextKeyEditor({ setting, value, onChange, pointer, input, disabled }: EditorProps) {
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const catalogue = useDesigner((state) => state.catalogue);
  const chosen = useDesigner((state) => [...state.selection][0] ?? '');
  // Inside Parallel the key belongs to the inner activity.
  const inner = /^\/activities\/(\d+)\//.exec(pointer)?.[1];
  const id = inner === undefined ? chosen : text(objects(activity(flow, chosen)?.['activities'])[Number(inner)]?.['id']);
  const key = current(value);
  const entries = contextKeys(flow, catalogue);
  const own = entries.find((entry) => entry.activity === id);
  const others = entries.filter((entry) => entry.activity !== id && entry.root === own?.root && entry.key === (key || id));
  return (
    <>
      <NameInput
        input={input}
        name={key}
        placeholder={id}
        disabled={disabled}
        wrongOf={(typed) => (/^[\p{L}\p{Nd}_$-]{0,100}$/u.test(typed) ? undefined : 'Use letters, digits, “_”, “-” and “$”.')}
        onRename={(to) => {
          if ((to || id) === (key || id)) onChange(to === '' && !setting.required ? undefined : to);
          else renameNamed(store, { kind: 'contextKey', activity: id }, to || id);
        }}
      />
      {others.length > 0 && (
        <div className="field-hint">
          {others.map((entry) => entry.activity).join(', ')} writes {own!.root}.{key || id} too: whichever runs last counts.
        </div>
      )}
    </>
  );
}

/** The name of a screen's input. It takes effect with every place that reads it. */
export function FieldNameEditor({ value, onChange, input, disabled }: EditorProps) {
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const chosen = useDesigner((state) => state.screenId);
  const screen = chosen ?? text(screens(flow)[0]?.['id']);
  const name = current(value);
  return (
    <NameInput
      input={input}
      name={name}
      disabled={disabled}
      onRename={(to) => {
        if (name && to) renameNamed(store, { kind: 'field', screen, name }, to);
        else onChange(to || undefined);
      }}
    />
  );
}

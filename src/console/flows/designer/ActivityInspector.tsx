import { Copy, Flag, Link2, Trash2, X } from 'lucide-react';
import { useMemo } from 'react';
import type { JsonObject } from '../../api/types';
import { KindIcon } from '../../canvas/kinds';
import { labelOf, problemsWithin, SettingsForm, textOf } from '../../forms';
import { replaceActivity, setActivityMember, setStart } from '../../graph/edit';
import { activity, startOf, type Activity } from '../../graph/flow';
import { takenIds } from '../../graph/ids';
import { isObject, text, withMember } from '../../graph/json';
import { suggestionsAt } from '../../graph/paths';
import { endName, endsOf } from '../../graph/ports';
import { isStillToCome, settingProblems, type Problem } from '../../graph/problems';
import { waitFrom, waitText } from '../../graph/waits';
import { Button, Disclosure, Field, IconButton, Input, Menu, Notice, TextArea } from '../../ui';
import { ConnectionsList } from './ConnectionsList';
import { ErrorHandlingEditor } from './ErrorHandlingEditor';
import { useFixes } from './fixes';
import { IdField, NameField } from './IdField';
import { useKnown } from './known';
import { designerEditor } from './pickers';
import { askCallers, renameNamed } from './renames';
import { useDesigner, useDesignerStore } from './store';
import { entryOf, useHere } from './useCommands';

const elsewhere = ['id', 'type', 'name', 'description', 'errorHandling', 'designer', 'metadata'];
const none: Problem[] = [];

/** Everything of one activity: who it is, its settings, what happens on errors, and where its outcomes lead. */
export function ActivityInspector({ id }: { id: string }) {
  const store = useDesignerStore();
  const here = useHere();
  const { schema, flows } = useKnown();
  const flow = useDesigner((state) => state.flow);
  const catalogue = useDesigner((state) => state.catalogue);
  const readOnly = useDesigner((state) => state.readOnly);
  const problems = useDesigner((state) => state.problems);
  const wait = waitFrom(
    useDesigner((state) => state.waits),
    id,
  );
  const item = activity(flow, id);

  const isFresh = useDesigner((state) => state.fresh === id);
  const own = useFixes(
    useMemo(
      () => problems.filter((problem) => problem.activity === id && !isStillToCome(problem, isFresh ? id : undefined)),
      [problems, id, isFresh],
    ),
  );
  const diagnostics = useMemo(() => settingProblems(own.length ? own : none), [own]);
  const suggestions = useMemo(() => suggestionsAt(flow, id, catalogue), [flow, id, catalogue]);
  const paths = useMemo(() => suggestions.map((suggestion) => suggestion.path), [suggestions]);
  const later = useMemo(
    () => new Set(suggestions.filter((suggestion) => suggestion.isLater).map((suggestion) => suggestion.path)),
    [suggestions],
  );
  if (!item) return null;

  const type = catalogue.types.get(text(item['type']));
  const isStart = startOf(flow) === id;
  const set = (name: string, value: string) =>
    store.getState().apply(`Change ${name} of ${id}`, (before) => setActivityMember(before, id, name, value || undefined), `${name} ${id}`);
  const change = (next: JsonObject) =>
    store.getState().apply(`Change ${id}`, (before) => replaceActivity(before, id, () => next as Activity), `${id} ${changed(item, next)}`);
  const flowLevel = diagnostics.filter((one) => one.pointer === '' || one.pointer === '/type');

  return (
    <div className="inspector-content">
      <header className="inspector-head">
        <KindIcon type={text(item['type'])} size={18} />
        <div className="inspector-words">
          <h2>{text(item['name']) || id}</h2>
          <p className="muted">
            {text(item['type'])}
            {isStart ? ' · start of the flow' : ''}
          </p>
        </div>
        {!readOnly && (
          <Menu
            label={id}
            trigger={
              <Button size="small" kind="quiet" aria-label={`More for ${id}`}>
                ⋯
              </Button>
            }
            entries={[
              entryOf(here, 'connect', <Link2 />),
              {
                label: 'Begin the flow here',
                icon: <Flag />,
                disabled: isStart,
                onSelect: () => store.getState().apply(`Begin the flow at ${id}`, (before) => setStart(before, id)),
              },
              entryOf(here, 'duplicate', <Copy />),
              null,
              entryOf(here, 'remove', <Trash2 />, { tone: 'danger' }),
            ]}
          />
        )}
        <IconButton
          size="small"
          className="inspector-close"
          label="Close the inspector"
          icon={<X size={15} />}
          onClick={() => store.getState().set({ isSideOpen: false })}
        />
      </header>
      {type && <p className="field-hint">{type.description}</p>}
      {flowLevel.map((problem, index) => (
        <Notice tone={problem.severity === 'error' ? 'danger' : 'warning'} key={index}>
          {textOf(problem)}
        </Notice>
      ))}

      {wait && wait.parts.length > 0 && <p className="field-hint">To the next screen, when nobody answers: {waitText(wait)}.</p>}

      <section aria-label="Identity" className="stack">
        <div className="identity">
          <IdField
            id={id}
            taken={takenIds(flow)}
            disabled={readOnly}
            problems={problemsWithin(diagnostics, '/id')}
            onRename={(to) => renameNamed(store, { kind: 'activity', id }, to)}
          />
          {type?.ends ? (
            <NameField
              label={labelOf(type.settings.find((setting) => setting.name === 'name') ?? 'name')}
              name={text(item['name'])}
              placeholder={endName(withMember(item, 'name', undefined), catalogue)}
              disabled={readOnly}
              onRename={(to) => {
                store.getState().apply(`Rename the end ${id}`, (before) => setActivityMember(before, id, 'name', to || undefined));
                const [was, is] = [endName(item, catalogue), endName(withMember(item, 'name', to), catalogue)];
                if (!endsOf(store.getState().flow, catalogue).includes(was)) void askCallers(store, flows, { kind: 'end', name: was }, is);
              }}
            />
          ) : (
            <Field label="Name">
              {(input) => (
                <Input
                  {...input}
                  value={text(item['name'])}
                  placeholder={id}
                  disabled={readOnly}
                  onChange={(event) => set('name', event.target.value)}
                />
              )}
            </Field>
          )}
        </div>
      </section>

      {type ? (
        type.settings.length > 0 && (
          <section aria-label="Settings">
            <SettingsForm
              settings={type.ends ? type.settings.filter((setting) => setting.name !== 'name') : type.settings}
              definitions={schema.definitions}
              value={item}
              onChange={change}
              diagnostics={diagnostics.filter((one) => one.pointer !== '')}
              known={elsewhere}
              disabled={readOnly}
              editorOf={designerEditor}
              paths={paths}
              later={later}
            />
          </section>
        )
      ) : (
        <Notice tone="danger">There is no activity type “{text(item['type'])}” in this server. Its settings are kept as they are.</Notice>
      )}

      {type && type.errorEvents.length > 0 && (
        <section className="inspector-section" aria-label="Error handling">
          <Disclosure
            level="section"
            title="Error handling"
            folded={!isObject(item['errorHandling']) && problemsWithin(diagnostics, '/errorHandling').length === 0}
          >
            <ErrorHandlingEditor item={item} type={type} diagnostics={diagnostics} />
          </Disclosure>
        </section>
      )}

      <section className="inspector-section" aria-label="Connections">
        <Disclosure level="section" title="Connections">
          <ConnectionsList item={item} />
        </Disclosure>
      </section>

      <section className="inspector-section" aria-label="Notes">
        <Disclosure level="section" title="Description" folded={!item['description']}>
          <Field
            label={<span className="visually-hidden">Description</span>}
            hint="For the people who read this flow; it does not change what it does."
          >
            {(input) => (
              <TextArea
                {...input}
                rows={3}
                value={text(item['description'])}
                disabled={readOnly}
                onChange={(event) => set('description', event.target.value)}
              />
            )}
          </Field>
        </Disclosure>
      </section>
    </div>
  );
}

/** The first member that differs: what is typed into one setting is one step back. */
function changed(before: JsonObject, after: JsonObject): string {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].find((name) => before[name] !== after[name]) ?? '';
}

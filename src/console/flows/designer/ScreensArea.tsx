import { AlignLeft, ArrowDown, ArrowUp, ChevronDown, Copy, Plus, Trash2 } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import type { ComponentType, JsonObject, Setting } from '../../api/types';
import { Icon } from '../../canvas/icons';
import { problemsAt, SettingsForm, TemplateInput, type CustomEditor } from '../../forms';
import { newComponent, newScreen } from '../../graph/create';
import { activitiesShowing, addScreen, duplicateScreen, removeScreen, renameScreen, replaceScreen } from '../../graph/edit';
import { screen, screens, type Screen } from '../../graph/flow';
import { uniqueId } from '../../graph/ids';
import { isObject, moveItem, objects, removeAt, replaceAt, text, withMember } from '../../graph/json';
import { suggestionsAt } from '../../graph/paths';
import { componentTypeOf } from '../../graph/ports';
import { settingProblems } from '../../graph/problems';
import { Button, Empty, Field, IconButton, Menu } from '../../ui';
import { componentTitle, settingsFor } from './components';
import { RuleEditor } from './ConditionEditor';
import { ContainerEditor } from './ContainerEditor';
import { useFixes } from './fixes';
import { IdField } from './IdField';
import { useKnown } from './known';
import { OptionsEditor } from './OptionsEditor';
import { FieldNameEditor } from './pickers';
import { removeNamed } from './renames';
import { ScreenPreview } from './ScreenPreview';
import { useDesigner, useDesignerStore } from './store';

/** The icon of a component that names none. */
const plain = 'align-left';

const componentEditor = (setting: Setting, pointer: string): CustomEditor | undefined => {
  if (pointer === '/name' && setting.name === 'name') return { editor: FieldNameEditor };
  if (setting.editor === 'rule') return { editor: RuleEditor, bare: true };
  if (setting.editor === 'options') return { editor: OptionsEditor, bare: true };
  if (setting.editor === 'components') return { editor: ContainerEditor, bare: true };
  return undefined;
};

/** The flow's screens: their components, and how they will look. */
export function ScreensArea() {
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const catalogue = useDesigner((state) => state.catalogue);
  const readOnly = useDesigner((state) => state.readOnly);
  const chosen = useDesigner((state) => state.screenId);
  const problems = useDesigner((state) => state.problems);
  const all = screens(flow);
  const id = chosen !== undefined && screen(flow, chosen) ? chosen : text(all[0]?.['id']);
  const item = screen(flow, id);
  const open = (to: string) => store.getState().set({ screenId: to, component: undefined });
  const list = useRef<HTMLElement>(null);
  // Who came here by a command goes on in the list.
  useEffect(() => {
    if (document.activeElement === document.body) list.current?.querySelector<HTMLElement>('[aria-current]')?.focus();
  }, []);
  const addNew = () => {
    const made = uniqueId(
      'screen',
      all.map((other) => text(other['id'])),
    );
    store.getState().apply(`Add the screen ${made}`, (before) => addScreen(before, newScreen(made, catalogue)));
    open(made);
  };

  return (
    <div className="screens-area">
      <nav className="screen-list" aria-label="Screens" data-region="palette" ref={list}>
        <div className="screen-list-head">
          <h2>Screens</h2>
          {!readOnly && <IconButton size="small" label="New screen" icon={<Plus size={15} />} onClick={addNew} />}
        </div>
        {all.map((other) => {
          const own = text(other['id']);
          const count = problems.filter((problem) => problem.screen === own).length;
          const uses = activitiesShowing(flow, own, catalogue).length;
          return (
            <button type="button" className="screen-item" aria-current={own === id || undefined} key={own} onClick={() => open(own)}>
              <span>{own}</span>
              <span className="muted">
                {text(other['title']) || 'No title'}
                {uses === 0 ? ' · not used' : ''}
              </span>
              {count > 0 && (
                <span className="count-badge" aria-label={count === 1 ? '1 problem' : `${count} problems`}>
                  {count}
                </span>
              )}
            </button>
          );
        })}
      </nav>
      {item ? (
        <>
          <ScreenForm item={item} key={id} />
          <ScreenPreview flow={flow} id={id} />
        </>
      ) : (
        <Empty
          icon={<AlignLeft />}
          title="No screens yet"
          action={
            !readOnly && (
              <Button kind="primary" icon={<Plus />} onClick={addNew}>
                New screen
              </Button>
            )
          }
        >
          A screen is what a person sees and submits: texts, inputs and buttons.
        </Empty>
      )}
    </div>
  );
}

function ScreenForm({ item }: { item: Screen }) {
  const store = useDesignerStore();
  const { schema } = useKnown();
  const flow = useDesigner((state) => state.flow);
  const catalogue = useDesigner((state) => state.catalogue);
  const readOnly = useDesigner((state) => state.readOnly);
  const open = useDesigner((state) => state.component);
  const problems = useDesigner((state) => state.problems);
  const id = text(item['id']);
  const all = Array.isArray(item['components']) ? item['components'] : [];
  const own = useFixes(useMemo(() => problems.filter((problem) => problem.screen === id), [problems, id]));
  const screenLevel = settingProblems(own.filter((problem) => problem.component === undefined));
  const [shownIn] = activitiesShowing(flow, id, catalogue);
  const suggestions = useMemo(() => suggestionsAt(flow, shownIn, catalogue), [flow, shownIn, catalogue]);
  const paths = useMemo(() => suggestions.map((suggestion) => suggestion.path), [suggestions]);
  const later = useMemo(
    () => new Set(suggestions.filter((suggestion) => suggestion.isLater).map((suggestion) => suggestion.path)),
    [suggestions],
  );

  const change = (label: string, next: (before: Screen) => Screen, group?: string) =>
    store.getState().apply(label, (before) => replaceScreen(before, id, next, catalogue), group);
  const setComponents = (label: string, components: typeof all, group?: string) =>
    change(label, (before) => withMember(before, 'components', components), group);
  const select = (index: number | undefined) => store.getState().set({ component: index });
  const rename = (to: string) => {
    store.getState().apply(`Rename the screen ${id} to ${to}`, (before) => renameScreen(before, id, to, catalogue));
    store.getState().set({ screenId: to });
  };
  const add = (type: ComponentType) => {
    const made = newComponent(item, type);
    // Texts and inputs belong above the message of an error and what submits them.
    const foot = all.findIndex((component) => {
      const below = isObject(component) ? componentTypeOf(component, catalogue) : undefined;
      return below?.takesEnter || below?.showsErrors;
    });
    const at = open !== undefined ? open + 1 : type.interaction || foot < 0 ? all.length : foot;
    setComponents(`Add ${type.type} to ${id}`, [...all.slice(0, at), made, ...all.slice(at)]);
    select(at);
  };
  const move = (from: number, to: number) => {
    setComponents(`Move a component of ${id}`, moveItem(all, from, to));
    select(to);
  };

  return (
    <section className="screen-form" aria-label={`Screen ${id}`} data-region="canvas">
      <div className="inspector-content">
        <header className="inspector-head">
          <div className="inspector-words">
            <h2>{id}</h2>
            <p className="muted">
              {activitiesShowing(flow, id, catalogue).length === 0
                ? 'No activity shows it yet'
                : `Shown by ${activitiesShowing(flow, id, catalogue).join(', ')}`}
            </p>
          </div>
          {!readOnly && (
            <Menu
              trigger={
                <Button size="small" kind="quiet" aria-label={`More for the screen ${id}`}>
                  ⋯
                </Button>
              }
              entries={[
                {
                  label: 'Duplicate',
                  icon: <Copy />,
                  onSelect: () => {
                    const copy = duplicateScreen(store.getState().flow, id);
                    store.getState().apply(`Duplicate the screen ${id}`, () => copy.flow);
                    store.getState().set({ screenId: copy.id, component: undefined });
                  },
                },
                null,
                {
                  label: 'Remove',
                  icon: <Trash2 />,
                  tone: 'danger',
                  onSelect: () => {
                    removeNamed(
                      store,
                      `the screen ${id}`,
                      `Remove the screen ${id}`,
                      (before) => removeScreen(before, id),
                      () => store.getState().set({ screenId: undefined, component: undefined }),
                    );
                  },
                },
              ]}
            />
          )}
        </header>
        <div className="identity">
          <IdField
            id={id}
            taken={screens(flow).map((other) => text(other['id']))}
            onRename={rename}
            problems={problemsAt(screenLevel, '/id')}
            disabled={readOnly}
          />
          <Field label="Title" problems={problemsAt(screenLevel, '/title')}>
            {(input) => (
              <TemplateInput
                {...input}
                value={text(item['title'])}
                paths={paths}
                disabled={readOnly}
                onChange={(value) => change(`Change the title of ${id}`, (before) => withMember(before, 'title', value), `title ${id}`)}
              />
            )}
          </Field>
        </div>

        <h3>Components</h3>
        <ol className="component-list">
          {all.map((component, index) => {
            const it = isObject(component) ? component : {};
            const type = text(it['type']);
            const known = componentTypeOf(it, catalogue);
            const isOpen = open === index;
            const found = own.filter((problem) => problem.component === index);
            const name = `${type} ${componentTitle(it)}`.trim();
            return (
              <li className="component" data-open={isOpen || undefined} key={index}>
                <div className="component-head">
                  <button
                    type="button"
                    className="component-button"
                    aria-expanded={isOpen}
                    onClick={() => select(isOpen ? undefined : index)}
                  >
                    <Icon icon={known?.icon ?? plain} size={15} />
                    <span className="component-type">{type || 'Unknown'}</span>
                    <span className="component-title">{componentTitle(it)}</span>
                    {found.length > 0 && (
                      <span className="count-badge" aria-label={found.length === 1 ? '1 problem' : `${found.length} problems`}>
                        {found.length}
                      </span>
                    )}
                  </button>
                  {!readOnly && (
                    <span className="component-buttons">
                      <IconButton
                        size="small"
                        label={`Move ${name} up`}
                        icon={<ArrowUp size={14} />}
                        disabled={index === 0}
                        onClick={() => move(index, index - 1)}
                      />
                      <IconButton
                        size="small"
                        label={`Move ${name} down`}
                        icon={<ArrowDown size={14} />}
                        disabled={index === all.length - 1}
                        onClick={() => move(index, index + 1)}
                      />
                      <IconButton
                        size="small"
                        label={`Duplicate ${name}`}
                        icon={<Copy size={14} />}
                        onClick={() => {
                          const others = { ...item, components: objects(item['components']) };
                          const copy: JsonObject = { ...it };
                          if (it['name'])
                            copy['name'] = uniqueId(
                              text(it['name']),
                              others.components.map((other) => text(other['name'])),
                            );
                          if (it['id'])
                            copy['id'] = uniqueId(
                              text(it['id']),
                              others.components.map((other) => text(other['id'])),
                            );
                          setComponents(`Duplicate ${name}`, [...all.slice(0, index + 1), copy, ...all.slice(index + 1)]);
                          select(index + 1);
                        }}
                      />
                      <IconButton
                        size="small"
                        label={`Remove ${name}`}
                        icon={<Trash2 size={14} />}
                        onClick={() => {
                          removeNamed(
                            store,
                            name,
                            `Remove ${name}`,
                            (before) => replaceScreen(before, id, (old) => withMember(old, 'components', removeAt(all, index)), catalogue),
                            () => select(undefined),
                          );
                        }}
                      />
                    </span>
                  )}
                </div>
                {isOpen && (
                  <div className="component-body">
                    {known && <p className="field-hint">{known.description}</p>}
                    <SettingsForm
                      settings={settingsFor(it, known, schema.components)}
                      definitions={schema.definitions}
                      value={it}
                      onChange={(next) => setComponents(`Change ${name}`, replaceAt(all, index, next), `component ${id} ${index}`)}
                      diagnostics={settingProblems(found)}
                      known={['type']}
                      editorOf={componentEditor}
                      disabled={readOnly}
                      paths={paths}
                      later={later}
                    />
                  </div>
                )}
              </li>
            );
          })}
        </ol>
        {!readOnly && (
          <Menu
            align="start"
            label="Component"
            trigger={
              <Button icon={<Plus />}>
                Add component <ChevronDown size={14} />
              </Button>
            }
            entries={schema.components.map((type) => ({
              label: type.type,
              icon: <Icon icon={type.icon ?? plain} />,
              onSelect: () => add(type),
            }))}
          />
        )}
      </div>
    </section>
  );
}

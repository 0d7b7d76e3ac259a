import { Plus, X } from 'lucide-react';
import { useMemo } from 'react';
import type { JsonObject } from '../../api/types';
import { KindIcon } from '../../canvas/kinds';
import { problemsAt, Settings, useForm, type EditorProps } from '../../forms';
import { idProblem, stemOf, takenIds, uniqueId } from '../../graph/ids';
import { objects, removeAt, replaceAt, text, withMember } from '../../graph/json';
import { newActivity } from '../../graph/create';
import { replaceActivity } from '../../graph/edit';
import { Button, Disclosure, IconButton, Menu } from '../../ui';
import { needsConnections } from '../../graph/ports';
import { IdField } from './IdField';
import { useKnown } from './known';
import { removeNamed, renameNamed } from './renames';
import { useDesigner, useDesignerStore } from './store';

/** The activities that a Parallel runs at once, each with its settings. */
export function ParallelEditor({ value, onChange, pointer, disabled }: EditorProps) {
  const store = useDesignerStore();
  const { types, connectors } = useKnown();
  const owner = useDesigner((state) => [...state.selection][0] ?? '');
  const catalogue = useDesigner((state) => state.catalogue);
  const flow = useDesigner((state) => state.flow);
  const { diagnostics } = useForm();
  const inner = objects(value);
  const allowed = useMemo(() => types.filter((type) => type.canRunInParallel), [types]);
  const taken = takenIds(flow);

  return (
    <div className="stack" role="group" aria-label="Activities">
      <p className="field-hint">They run at once; each sees the context as it was before, and writes its own context key.</p>
      {inner.map((item, index) => {
        const type = allowed.find((one) => one.type === item['type']);
        const name = text(item['id']) || `activity ${index + 1}`;
        const change = (next: JsonObject) => onChange(replaceAt(inner, index, next));
        const place = `${pointer}/${index}`;
        const wrong = idProblem(
          text(item['id']),
          [...taken, ...inner.map((other) => text(other['id']))].filter((id, i, all) => all.indexOf(id) !== i && id !== ''),
        );
        return (
          <div className="inner-activity" role="group" aria-label={`${name}, ${text(item['type'])}`} key={index}>
            <Disclosure
              title={
                <span className="inner-title">
                  <KindIcon type={text(item['type'])} size={14} />
                  {name} <span className="muted">{text(item['type'])}</span>
                </span>
              }
              aside={
                !disabled && (
                  <IconButton
                    size="small"
                    label={`Remove ${name}`}
                    icon={<X size={14} />}
                    onClick={() =>
                      removeNamed(store, name, `Remove ${name}`, (before) =>
                        replaceActivity(before, owner, (old) => withMember(old, 'activities', removeAt(inner, index))),
                      )
                    }
                  />
                )
              }
            >
              <div className="stack">
                {[...problemsAt(diagnostics, place), ...problemsAt(diagnostics, `${place}/type`)].map((problem, at) => (
                  <div className="field-problem" key={at}>
                    {problem.message}
                  </div>
                ))}
                <IdField
                  id={text(item['id'])}
                  taken={taken}
                  disabled={disabled}
                  problems={problemsAt(diagnostics, `${place}/id`)}
                  onRename={(to) => {
                    // Two of one id are told apart only by their place.
                    if (wrong) change(withMember(item, 'id', to));
                    else renameNamed(store, { kind: 'activity', id: text(item['id']) }, to);
                  }}
                />
                {type ? (
                  <Settings
                    settings={type.settings.filter((one) => !needsConnections(one) || item[one.name] !== undefined)}
                    value={item}
                    onChange={change}
                    pointer={place}
                  />
                ) : (
                  <p className="field-problem">{text(item['type']) || 'This'} cannot run inside Parallel.</p>
                )}
              </div>
            </Disclosure>
          </div>
        );
      })}
      {!disabled && (
        <Menu
          align="start"
          label="Runs at the same time"
          trigger={
            <Button size="small" icon={<Plus />}>
              Add activity to run
            </Button>
          }
          entries={allowed.map((type) => ({
            label: type.type,
            icon: <KindIcon type={type.type} size={14} />,
            onSelect: () => {
              const made = newActivity(flow, type, { catalogue, connectors }).activity;
              onChange([...inner, { ...made, id: uniqueId(stemOf(type), [...taken, ...inner.map((item) => text(item['id']))]) }]);
            },
          }))}
        />
      )}
      {problemsAt(diagnostics, pointer).map((problem, index) => (
        <div className="field-problem" key={index}>
          {problem.message}
        </div>
      ))}
    </div>
  );
}

import { Plus, X } from 'lucide-react';
import { useMemo } from 'react';
import type { Json, JsonObject, Setting } from '../../api/types';
import { KindIcon } from '../../canvas/kinds';
import { problemsAt, Settings, useForm, type EditorProps } from '../../forms';
import { idProblem, stemOf, takenIds, uniqueId } from '../../graph/ids';
import { isObject, objects, removeAt, replaceAt, text, withMember } from '../../graph/json';
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
  const owner = useDesigner((state) => [...state.selection][0] ?? '');
  const store = useDesignerStore();
  const inner = objects(value);
  const ids = inner.map((item) => text(item['id']));

  return (
    <div className="stack" role="group" aria-label="Activities">
      <p className="field-hint">They run at once; each sees the context as it was before, and writes its own context key.</p>
      {inner.map((item, index) => {
        const name = text(item['id']) || `activity ${index + 1}`;
        return (
          <InnerActivity
            key={index}
            item={item}
            name={name}
            others={ids}
            place={`${pointer}/${index}`}
            disabled={disabled}
            onChange={(next) => onChange(replaceAt(inner, index, next))}
            onRemove={() =>
              removeNamed(store, name, `Remove ${name}`, (before) =>
                replaceActivity(before, owner, (old) => withMember(old, 'activities', removeAt(inner, index))),
              )
            }
          />
        );
      })}
      {!disabled && (
        <AddInner label="Runs at the same time" title="Add activity to run" others={ids} onAdd={(made) => onChange([...inner, made])} />
      )}
      <Problems pointers={[pointer]} />
    </div>
  );
}

/** The activity that is done for each item of a list, with its settings. */
export function EachEditor({ value, onChange, pointer, disabled }: EditorProps) {
  const owner = useDesigner((state) => [...state.selection][0] ?? '');
  const store = useDesignerStore();
  const item = isObject(value) && text(value['type']) ? value : undefined;
  const name = text(item?.['id']) || 'the activity';

  return (
    <div className="stack" role="group" aria-label="For each item">
      <p className="field-hint">
        It is done for each item, which it knows as {'{{item}}'}, with its place {'{{index}}'}. What it writes is in the results only.
      </p>
      {item ? (
        <InnerActivity
          item={item}
          name={name}
          others={[]}
          place={pointer}
          disabled={disabled}
          isEach
          onChange={onChange}
          onRemove={() =>
            removeNamed(store, name, `Remove ${name}`, (before) =>
              replaceActivity(before, owner, (old) => withMember(old, 'activity', {} as Json)),
            )
          }
        />
      ) : (
        !disabled && <AddInner label="Done for each item" title="Choose what is done" others={[]} onAdd={onChange} />
      )}
      {!item && <Problems pointers={[pointer, `${pointer}/id`, `${pointer}/type`]} />}
    </div>
  );
}

interface InnerProps {
  item: JsonObject;
  name: string;
  /** The ids of those that stand beside it, its own among them. */
  others: readonly string[];
  place: string;
  disabled: boolean;
  /** Whether it is done for each item: what it writes has no place of its own. */
  isEach?: boolean;
  onChange: (next: JsonObject) => void;
  onRemove: () => void;
}

/** One activity that stands inside another. */
function InnerActivity({ item, name, others, place, disabled, isEach, onChange, onRemove }: InnerProps) {
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const { diagnostics } = useForm();
  const type = useAllowed().find((one) => one.type === item['type']);
  const taken = takenIds(flow);
  const wrong = idProblem(
    text(item['id']),
    [...taken, ...others].filter((id, i, all) => all.indexOf(id) !== i && id !== ''),
  );
  const isAsked = (one: Setting) => item[one.name] !== undefined || !(needsConnections(one) || (isEach && one.editor === 'contextKey'));
  return (
    <div className="inner-activity" role="group" aria-label={`${name}, ${text(item['type'])}`}>
      <Disclosure
        title={
          <span className="inner-title">
            <KindIcon type={text(item['type'])} size={14} />
            {name} <span className="muted">{text(item['type'])}</span>
          </span>
        }
        aside={!disabled && <IconButton size="small" label={`Remove ${name}`} icon={<X size={14} />} onClick={onRemove} />}
      >
        <div className="stack">
          <Problems pointers={[place, `${place}/type`]} />
          <IdField
            id={text(item['id'])}
            taken={taken}
            disabled={disabled}
            problems={problemsAt(diagnostics, `${place}/id`)}
            onRename={(to) => {
              // Two of one id are told apart only by their place.
              if (wrong) onChange(withMember(item, 'id', to));
              else renameNamed(store, { kind: 'activity', id: text(item['id']) }, to);
            }}
          />
          {type ? (
            <Settings settings={type.settings.filter(isAsked)} value={item} onChange={onChange} pointer={place} />
          ) : (
            <p className="field-problem">{text(item['type']) || 'This'} cannot stand inside another activity.</p>
          )}
        </div>
      </Disclosure>
    </div>
  );
}

function AddInner(props: { label: string; title: string; others: readonly string[]; onAdd: (made: JsonObject) => void }) {
  const { connectors } = useKnown();
  const catalogue = useDesigner((state) => state.catalogue);
  const flow = useDesigner((state) => state.flow);
  return (
    <Menu
      align="start"
      label={props.label}
      trigger={
        <Button size="small" icon={<Plus />}>
          {props.title}
        </Button>
      }
      entries={useAllowed().map((type) => ({
        label: type.type,
        icon: <KindIcon type={type.type} size={14} />,
        onSelect: () => {
          const made = newActivity(flow, type, { catalogue, connectors }).activity;
          props.onAdd({ ...made, id: uniqueId(stemOf(type), [...takenIds(flow), ...props.others]) });
        },
      }))}
    />
  );
}

/** The types that may stand inside another activity. */
function useAllowed() {
  const { types } = useKnown();
  return useMemo(() => types.filter((type) => type.canRunInParallel), [types]);
}

function Problems({ pointers }: { pointers: readonly string[] }) {
  const { diagnostics } = useForm();
  return (
    <>
      {pointers
        .flatMap((pointer) => problemsAt(diagnostics, pointer))
        .map((problem, index) => (
          <div className="field-problem" key={index}>
            {problem.message}
          </div>
        ))}
    </>
  );
}

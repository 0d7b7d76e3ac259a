import { Copy, Trash2, X } from 'lucide-react';
import { useLayoutEffect, useMemo } from 'react';
import { connect } from '../../graph/edit';
import { activities, connections, screens, targetOf } from '../../graph/flow';
import { text } from '../../graph/json';
import { messageOf, setMessage } from '../../graph/messages';
import { suggestionsAt } from '../../graph/paths';
import { problemOf, TemplateInput } from '../../forms';
import { counted } from '../../text/counted';
import { Button, Field, IconButton, Notice, Select } from '../../ui';
import { ActivityInspector } from './ActivityInspector';
import { useTargets } from './ConnectionsList';
import { command } from './commands';
import { useFixes } from './fixes';
import { openScreen, useDesigner, useDesignerStore } from './store';
import { give, useHere } from './useCommands';

/** What is chosen on the canvas, in detail. */
export function Inspector() {
  const selection = useDesigner((state) => state.selection);
  const connection = useDesigner((state) => state.connection);
  const subject = useDesigner((state) => state.subject);
  // What is shown next begins at its top; the same under another name stays where it is.
  const isOne = selection.size === 1;
  useLayoutEffect(() => {
    document.querySelector('[data-region="side"]')?.scrollTo({ top: 0 });
  }, [subject, connection, isOne]);
  if (connection !== undefined) return <ConnectionInspector id={connection} />;
  if (selection.size === 1) {
    const [id] = selection;
    return <ActivityInspector id={id!} key={subject ?? id} />;
  }
  return selection.size > 1 ? <SelectionInspector /> : <FlowInspector />;
}

function ConnectionInspector({ id }: { id: string }) {
  const here = useHere();
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const catalogue = useDesigner((state) => state.catalogue);
  const readOnly = useDesigner((state) => state.readOnly);
  const targets = useTargets(flow);
  const [source, port] = id.split('\n') as [string, string];
  const target = targetOf(flow, source, port);
  const message = messageOf(flow, source, port);
  const problems = useDesigner((state) => state.problems);
  const own = useFixes(
    useMemo(
      () => problems.filter((problem) => problem.activity === source && problem.port === port && problem.setting === '/message'),
      [problems, source, port],
    ),
  );
  const paths = useMemo(() => suggestionsAt(flow, target, catalogue).map((suggestion) => suggestion.path), [flow, target, catalogue]);
  return (
    <div className="inspector-content">
      <header className="inspector-head">
        <div className="inspector-words">
          <h2>Connection</h2>
          <p className="muted">
            {port} of {source}
          </p>
        </div>
        <Close />
      </header>
      <label className="field">
        <span className="field-label-text">Leads to</span>
        <Select
          value={target ?? ''}
          disabled={readOnly}
          onChange={(event) =>
            store
              .getState()
              .apply(`Connect ${port} of ${source} to ${event.target.value}`, (before) =>
                connect(before, { source, port, target: event.target.value }),
              )
          }
        >
          {targets.map((other) => (
            <option value={other.id} key={other.id}>
              {other.label}
            </option>
          ))}
        </Select>
      </label>
      <Field
        label="Message"
        problems={own.map((problem) => problemOf(problem))}
        hint="What the next screen says to whoever comes this way, where its errors stand. It is gone with the next submission."
      >
        {(input) => (
          <TemplateInput
            {...input}
            value={message}
            paths={paths}
            placeholder="Nothing"
            disabled={readOnly}
            onChange={(value) =>
              store
                .getState()
                .apply(`Change the message of ${port} of ${source}`, (before) => setMessage(before, source, port, value), `message ${id}`)
            }
          />
        )}
      </Field>
      <div className="row">
        <Button size="small" onClick={() => store.getState().select([source])}>
          Show {source}
        </Button>
        {target !== undefined && (
          <Button size="small" onClick={() => store.getState().select([target])}>
            Show {target}
          </Button>
        )}
      </div>
      {!readOnly && (
        <Button kind="danger" icon={<Trash2 />} onClick={() => give(here, 'remove')}>
          Remove the connection
        </Button>
      )}
    </div>
  );
}

function SelectionInspector() {
  const here = useHere();
  const store = useDesignerStore();
  const selection = useDesigner((state) => state.selection);
  const readOnly = useDesigner((state) => state.readOnly);
  return (
    <div className="inspector-content">
      <header className="inspector-head">
        <div className="inspector-words">
          <h2>{selection.size} activities chosen</h2>
        </div>
        <Close />
      </header>
      <ul className="plain-list">
        {[...selection].slice(0, 50).map((id) => (
          <li key={id}>
            <button type="button" className="link-button" onClick={() => store.getState().select([id])}>
              {id}
            </button>
          </li>
        ))}
      </ul>
      {!readOnly && (
        <div className="row">
          {['align-left', 'align-top', 'align-row', 'align-column', 'group'].map((id) => (
            <Button size="small" onClick={() => give(here, id)} key={id}>
              {command(id).short ?? command(id).label}
            </Button>
          ))}
          <Button size="small" icon={<Copy />} onClick={() => give(here, 'duplicate')}>
            Duplicate
          </Button>
          <Button size="small" kind="danger" icon={<Trash2 />} onClick={() => give(here, 'remove')}>
            Remove
          </Button>
        </div>
      )}
    </div>
  );
}

function FlowInspector() {
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const problems = useDesigner((state) => state.problems);
  const readOnly = useDesigner((state) => state.readOnly);
  const all = screens(flow);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  return (
    <div className="inspector-content">
      <header className="inspector-head">
        <div className="inspector-words">
          <h2>{text(flow['name']) || text(flow['id'])}</h2>
          <p className="muted">
            {counted(activities(flow).length, 'activity', 'activities')}, {counted(connections(flow).length, 'connection')},{' '}
            {counted(all.length, 'screen')}
          </p>
        </div>
        <Close />
      </header>
      {text(flow['description']) && <p>{text(flow['description'])}</p>}
      {errors > 0 && (
        <Notice tone="danger">
          {errors === 1 ? '1 problem keeps' : `${errors} problems keep`} this flow from being published.{' '}
          <button type="button" className="link-button" onClick={() => store.getState().set({ showProblems: true })}>
            {errors === 1 ? 'Show it' : 'Show them'}
          </button>
        </Notice>
      )}
      <Button onClick={() => store.getState().set({ dialog: 'settings' })}>Flow settings</Button>
      <section aria-label="Screens of the flow" className="inspector-section">
        <h3>Screens</h3>
        <ul className="plain-list">
          {all.map((item) => (
            <li key={text(item['id'])}>
              <button type="button" className="link-button" onClick={() => openScreen(store, text(item['id']))}>
                {text(item['id'])}
              </button>{' '}
              <span className="muted">{text(item['title'])}</span>
            </li>
          ))}
        </ul>
        <Button size="small" onClick={() => openScreen(store, undefined)}>
          Edit screens
        </Button>
      </section>
      {!readOnly && (
        <section className="inspector-section" aria-label="How to begin">
          <h3>How to draw</h3>
          <p className="field-hint">
            Drag an activity from the palette onto a connection or the empty canvas, or choose it to add it after the selected one. Drag
            from an outcome at the right of an activity to the next activity, or press the plus beside it. The right mouse button offers
            what can be done with what is there. Press <kbd>?</kbd> to see all keys.
          </p>
        </section>
      )}
    </div>
  );
}

function Close() {
  const store = useDesignerStore();
  return (
    <IconButton
      size="small"
      className="inspector-close"
      label="Close the inspector"
      icon={<X size={15} />}
      onClick={() => store.getState().set({ isSideOpen: false })}
    />
  );
}

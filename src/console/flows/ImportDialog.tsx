import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiError } from '../api/client';
import type { FlowHead, JsonObject } from '../api/types';
import { idProblem, uniqueId } from '../graph/ids';
import { text, withMember } from '../graph/json';
import { activities } from '../graph/flow';
import { counted } from '../text/counted';
import { Button, Dialog, Field, Input, Notice, Segmented } from '../ui';
import type { Imported } from './files';
import { ReplaceDraftDialog } from './ReplaceDraftDialog';
import { replaceDraft, type Lost } from './replaceDraft';

interface Props {
  imported: Imported & { fileName: string };
  flows: FlowHead[];
  onClose: () => void;
  onMade: (id: string) => void;
}

/** Says what a file holds before it becomes a draft, or why it cannot become one. */
export function ImportDialog({ imported, ...rest }: Props) {
  if (imported.definition) return <Importable {...rest} imported={imported} definition={imported.definition} />;
  return (
    <Dialog
      open
      onClose={rest.onClose}
      title={`${imported.fileName} cannot be imported`}
      actions={
        <Button kind="primary" onClick={rest.onClose}>
          Close
        </Button>
      }
    >
      <Notice tone="danger" role="alert">
        {imported.diagnostics.slice(0, most).map((problem, index) => (
          <p key={index}>
            {problem.message} {problem.advice}
          </p>
        ))}
        {imported.diagnostics.length > most && <p>And {imported.diagnostics.length - most} more.</p>}
      </Notice>
      <p className="field-hint">
        What can be imported: a flow file (<code>*.flow.json</code>) or an Elsa 3 workflow definition (<code>*.elsa.json</code>). Nothing
        was changed.
      </p>
    </Dialog>
  );
}

const most = 15;

function Importable({ imported, definition, flows, onClose, onMade }: Props & { definition: JsonObject }) {
  const queries = useQueryClient();
  const wish = text(definition['id']) || 'imported';
  const exists = flows.some((flow) => flow.id === wish);
  const [mode, setMode] = useState('new');
  const [id, setId] = useState(() =>
    uniqueId(
      wish,
      flows.map((flow) => flow.id),
    ),
  );
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [lost, setLost] = useState<Lost>();
  const [taken, setTaken] = useState<string[]>([]);
  const wrong = mode === 'new' ? idProblem(id, [...taken, ...flows.map((flow) => flow.id)]) : undefined;
  const errors = imported.diagnostics.filter((problem) => problem.severity === 'error');

  const finish = (made: string) => {
    queries.removeQueries({ queryKey: ['flow', made] });
    void queries.invalidateQueries({ queryKey: ['flows'] });
    onMade(made);
  };

  const make = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      if (mode === 'new') {
        await api.post('/api/flows', { definition: withMember(definition, 'id', id) });
        return finish(id);
      }
      const inTheWay = await replaceDraft(wish, definition);
      if (!inTheWay) return finish(wish);
      setLost(inTheWay);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'flow.exists') setTaken([...taken, id]);
      else setFailure(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };

  if (lost)
    return (
      <ReplaceDraftDialog
        id={wish}
        definition={definition}
        what={`the file ${imported.fileName}`}
        lost={lost}
        onClose={() => setLost(undefined)}
        onReplaced={() => finish(wish)}
      />
    );

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Import ${imported.fileName}`}
      description={`${text(definition['name']) || wish}: ${counted(activities(definition).length, 'activity', 'activities')}.`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} disabled={wrong !== undefined} onClick={() => void make()}>
            Import as draft
          </Button>
        </>
      }
    >
      {failure && (
        <Notice tone="danger" role="alert">
          {failure}
        </Notice>
      )}
      {imported.diagnostics.length > 0 && (
        <Notice tone={errors.length ? 'danger' : 'warning'}>
          <strong>
            {errors.length ? 'The draft will have these problems, to be solved in the designer:' : 'The draft will have these warnings:'}
          </strong>
          <ul className="notice-list">
            {imported.diagnostics.slice(0, most).map((problem, index) => (
              <li key={index}>
                {problem.message} {problem.advice}
              </li>
            ))}
          </ul>
          {imported.diagnostics.length > most && <p>And {imported.diagnostics.length - most} more.</p>}
        </Notice>
      )}
      {exists && (
        <Segmented
          aria-label="Import as"
          options={[
            { value: 'new', label: 'A new flow' },
            { value: 'draft', label: `The draft of ${wish}` },
          ]}
          value={mode}
          onChange={setMode}
        />
      )}
      {mode === 'new' ? (
        <Field label="ID" problems={wrong ? [{ message: wrong }] : []}>
          {(input) => <Input {...input} mono value={id} onChange={(event) => setId(event.target.value)} />}
        </Field>
      ) : (
        <Notice>
          It becomes the draft of {wish}; if somebody has one that is not published, you are asked first. What is published stays until you
          publish.
        </Notice>
      )}
    </Dialog>
  );
}

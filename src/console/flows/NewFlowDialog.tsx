import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, ApiError } from '../api/client';
import type { FlowDetail, FlowHead } from '../api/types';
import { blankFlow } from '../graph/create';
import { catalogueOf } from '../graph/ports';
import { schemaQuery } from '../forms/useSchema';
import { withMember } from '../graph/json';
import { idProblem, slug } from '../graph/ids';
import { Button, Dialog, Field, Input, Notice, Select } from '../ui';

interface Props {
  flows: FlowHead[];
  onClose: () => void;
  onMade: (id: string) => void;
}

/** Begins a flow: with one screen and an End, or as a copy of a flow that is there. */
export function NewFlowDialog({ flows, onClose, onMade }: Props) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [ownId, setOwnId] = useState<string>();
  const [from, setFrom] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const id = ownId ?? slug(name);
  // Somebody may have made one of this id since the list was read.
  const [taken, setTaken] = useState<string[]>([]);
  const wrong = id === '' ? undefined : idProblem(id, [...taken, ...flows.map((flow) => flow.id)]);

  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (!id || wrong) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const schema = await queries.fetchQuery(schemaQuery);
      let definition = blankFlow(id, name.trim() || id, catalogueOf(schema));
      if (from) {
        const template = await api.get<FlowDetail>(`/api/flows/${encodeURIComponent(from)}`);
        definition = withMember(
          withMember(template.published?.definition ?? template.draft!.definition, 'id', id),
          'name',
          name.trim() || id,
        );
      }
      await api.post('/api/flows', { definition });
      void queries.invalidateQueries({ queryKey: ['flows'] });
      onMade(id);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'flow.exists') setTaken([...taken, id]);
      else setFailure(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title="New flow"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="new-flow" busy={busy} disabled={!id || wrong !== undefined}>
            Create
          </Button>
        </>
      }
    >
      <form id="new-flow" className="stack" onSubmit={(event) => void make(event)}>
        {failure && (
          <Notice tone="danger" role="alert">
            {failure}
          </Notice>
        )}
        <Field label="Name" required>
          {(input) => <Input {...input} value={name} autoFocus onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field
          label="ID"
          hint="It stands in addresses, such as /login/<id>, and does not change."
          problems={wrong ? [{ message: wrong }] : []}
          required
        >
          {(input) => <Input {...input} mono value={id} onChange={(event) => setOwnId(event.target.value)} />}
        </Field>
        {flows.length > 0 && (
          <Field label="Begin with" hint={from ? 'A copy; the flow you copy stays as it is.' : 'A screen and an End, to build on.'}>
            {(input) => (
              <Select {...input} value={from} onChange={(event) => setFrom(event.target.value)}>
                <option value="">A blank flow</option>
                <optgroup label="A copy of">
                  {flows.map((flow) => (
                    <option value={flow.id} key={flow.id}>
                      {flow.name || flow.id}
                    </option>
                  ))}
                </optgroup>
              </Select>
            )}
          </Field>
        )}
      </form>
    </Dialog>
  );
}

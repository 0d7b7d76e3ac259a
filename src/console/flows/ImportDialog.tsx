import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import type { FlowDetail, FlowHead } from '../api/types';
import { idProblem, uniqueId } from '../graph/ids';
import { text, withMember } from '../graph/json';
import { activities } from '../graph/flow';
import { Button, Dialog, Field, Input, Notice, Segmented } from '../ui';
import type { Imported } from './files';

interface Props {
  imported: Imported & { fileName: string };
  flows: FlowHead[];
  onClose: () => void;
  onMade: (id: string) => void;
}

/** Says what a file holds before it becomes a draft. */
export function ImportDialog({ imported, flows, onClose, onMade }: Props) {
  const queries = useQueryClient();
  const wish = text(imported.definition['id']) || 'imported';
  const exists = flows.some((flow) => flow.id === wish);
  const [mode, setMode] = useState('new');
  const [id, setId] = useState(() => uniqueId(wish, flows.map((flow) => flow.id)));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const wrong = mode === 'new' ? idProblem(id, flows.map((flow) => flow.id)) : undefined;
  const errors = imported.diagnostics.filter((problem) => problem.severity === 'error');

  const make = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      if (mode === 'new') await api.post('/api/flows', { definition: withMember(imported.definition, 'id', id) });
      else {
        const detail = await api.get<FlowDetail>(`/api/flows/${encodeURIComponent(wish)}`);
        await api.put(`/api/flows/${encodeURIComponent(wish)}/draft`, { definition: imported.definition, revision: detail.draft?.revision ?? null });
        queries.removeQueries({ queryKey: ['flow', wish] });
      }
      void queries.invalidateQueries({ queryKey: ['flows'] });
      onMade(mode === 'new' ? id : wish);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Import ${imported.fileName}`}
      description={`${text(imported.definition['name']) || wish}: ${activities(imported.definition).length} activities.`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} disabled={wrong !== undefined} onClick={() => void make()}>Import as draft</Button>
        </>
      }
    >
      {failure && <Notice tone="danger" role="alert">{failure}</Notice>}
      {imported.diagnostics.length > 0 && (
        <Notice tone={errors.length ? 'danger' : 'warning'}>
          <strong>{errors.length ? 'The draft will have these problems, to be solved in the designer:' : 'The draft will have these warnings:'}</strong>
          <ul className="notice-list">{imported.diagnostics.slice(0, 15).map((problem, index) => <li key={index}>{problem.message} {problem.advice}</li>)}</ul>
          {imported.diagnostics.length > 15 && <p>And {imported.diagnostics.length - 15} more.</p>}
        </Notice>
      )}
      {exists && (
        <Segmented aria-label="Import as" options={[{ value: 'new', label: 'A new flow' }, { value: 'draft', label: `The draft of ${wish}` }]} value={mode} onChange={setMode} />
      )}
      {mode === 'new' ? (
        <Field label="ID" problems={wrong ? [{ message: wrong }] : []}>{(input) => <Input {...input} mono value={id} onChange={(event) => setId(event.target.value)} />}</Field>
      ) : (
        <Notice tone="warning">It takes the place of the draft there is. What is published stays until you publish.</Notice>
      )}
    </Dialog>
  );
}

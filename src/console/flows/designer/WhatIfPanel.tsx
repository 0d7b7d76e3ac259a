import { useQuery } from '@tanstack/react-query';
import { FileUp, RotateCcw, X } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../api/client';
import type { DrillAnswer, DrillRow, JsonObject, RunHead } from '../../api/types';
import { KindIcon } from '../../canvas/kinds';
import { activity } from '../../graph/flow';
import { text } from '../../graph/json';
import { Badge, Button, Field, IconButton, Notice, Select } from '../../ui';
import { textOfFile } from '../readFile';
import { FailureNotice } from './FailureNotice';
import { useDesigner, useDesignerStore } from './store';
import { byActivity, caseIn, nameOfRun, pathOf, placeOf, sumOf, usualOf, wayOf, withSamples, type Usual } from './whatIf';

/** A choice of what the drill follows. */
interface Choice {
  key: string;
  name: string;
  load: () => Promise<Usual>;
}

interface Drilled {
  answer: DrillAnswer;
  flow: JsonObject;
  samples: string[];
}

/** Where people end up when what the draft asks fails. No connector is called, and nothing is stored. */
export function WhatIfPanel() {
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const flowId = useDesigner((state) => state.flowId);
  const tryCase = useDesigner((state) => state.tryCase);
  const [file, setFile] = useState<{ name: string; usual: Usual }>();
  const [key, setKey] = useState<string>();
  const [drilled, setDrilled] = useState<Drilled>();
  const [chosen, setChosen] = useState<DrillRow>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const picker = useRef<HTMLInputElement>(null);

  const runs = useQuery({
    queryKey: ['runs', 'of', flowId, 'completed'],
    queryFn: ({ signal }) => api.get<{ runs: RunHead[] }>(`/api/runs?flow=${encodeURIComponent(flowId)}&status=completed&limit=10`, signal),
  });
  const choices = useMemo(
    (): Choice[] => [
      ...(file ? [{ key: 'file', name: file.name, load: () => Promise.resolve(file.usual) }] : []),
      ...(tryCase ? [{ key: 'try', name: 'The last try', load: () => Promise.resolve(tryCase) }] : []),
      ...(runs.data?.runs ?? []).map((run) => ({
        key: `run ${run.number}`,
        name: nameOfRun(run),
        load: async () => usualOf((await api.get<{ case: JsonObject }>(`/api/runs/${run.number}/case`)).case),
      })),
    ],
    [file, tryCase, runs.data],
  );
  const choice = choices.find((one) => one.key === key) ?? choices[0];

  const drill = useCallback(
    async (by: Choice) => {
      setBusy(true);
      setFailure(undefined);
      try {
        const { flow: definition, catalogue } = store.getState();
        const { usual, samples } = withSamples(await by.load(), definition, catalogue);
        const answer = await api.post<DrillAnswer>('/api/flows/drill', { definition, cases: [{ name: by.name, ...usual }] });
        setDrilled({ answer, flow: definition, samples });
        setChosen(undefined);
        store.getState().set({ tryPath: undefined });
        store.getState().announce(sumOf(answer));
      } catch (error) {
        setFailure(error instanceof Error ? error : new Error(String(error)));
      } finally {
        setBusy(false);
      }
    },
    [store],
  );
  // Whoever opens it, or chooses another case, wants to see it.
  const followed = choice?.key;
  const begun = useRef<string>(undefined);
  useEffect(() => {
    if (!choice || begun.current === followed) return;
    begun.current = followed;
    void drill(choice);
  }, [choice, followed, drill]);
  useEffect(() => () => store.getState().set({ tryPath: undefined }), [store]);

  const show = (row: DrillRow) => {
    setChosen(row);
    store.getState().set({ area: 'flow', tryPath: pathOf(row) });
  };
  const take = async (picked: File | undefined) => {
    if (!picked) return;
    try {
      const usual = caseIn(await textOfFile(picked));
      if (!usual) throw new Error(`${picked.name} is no golden case (*.case.json).`);
      setFile({ name: picked.name, usual });
      setKey('file');
      begun.current = 'file';
      await drill({ key: 'file', name: picked.name, load: () => Promise.resolve(usual) });
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const usualEnd = drilled?.answer.cases[0]?.end;
  const left = (drilled?.answer.diagnostics ?? []).filter((problem) => problem.code !== 'drill.signed_in');

  return (
    <div className="inspector-content">
      <header className="inspector-head">
        <div className="inspector-words">
          <h2>What if it fails?</h2>
          <p className="muted">Where a person ends up when what the draft asks fails. No connector is called.</p>
        </div>
        <IconButton
          size="small"
          label="Close What if"
          icon={<X size={15} />}
          onClick={() => store.getState().set({ side: 'inspector', tryPath: undefined })}
        />
      </header>

      {choices.length > 0 ? (
        <Field label="Everything else as in">
          {(input) => (
            <Select id={input.id} value={choice?.key} onChange={(event) => setKey(event.target.value)}>
              {choices.map((one) => (
                <option value={one.key} key={one.key}>
                  {one.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      ) : (
        !runs.isPending && (
          <Notice tone="info">
            It follows how a sign-in goes when all goes well: try the draft once, sign in once through the published flow, or choose a
            golden case.
          </Notice>
        )
      )}
      <div className="row">
        {choice && (
          <Button icon={<RotateCcw />} busy={busy} onClick={() => void drill(choice)}>
            Run again
          </Button>
        )}
        <Button icon={<FileUp />} onClick={() => picker.current?.click()}>
          Case file…
        </Button>
        <input
          ref={picker}
          type="file"
          accept=".json"
          hidden
          aria-label="Golden case"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        {drilled && drilled.flow !== flow && <span className="muted">The flow changed since.</span>}
      </div>

      {failure && <FailureNotice failure={failure} />}

      {drilled && (
        <>
          <Notice tone={drilled.answer.rows.some((row) => row.verdict === 'failsOpen') ? 'danger' : 'info'}>
            {sumOf(drilled.answer)}.
          </Notice>
          {left.length > 0 && (
            <Notice tone="warning">
              <ul className="notice-list">
                {left.slice(0, 8).map((problem, index) => (
                  <li key={index}>{problem.message}</li>
                ))}
              </ul>
            </Notice>
          )}
          {drilled.samples.length > 0 && (
            <p className="field-hint">Not asked there, so a sample stands in for the reply to: {drilled.samples.join(', ')}.</p>
          )}
          {usualEnd && (
            <p className="field-hint">
              When all goes well: <strong>{placeOf(usualEnd)}</strong>.
            </p>
          )}
          {byActivity(drilled.answer.rows).map(([id, rows]) => (
            <section key={id} aria-label={`When ${id} fails`} className="what-if">
              <h3 className="inner-title">
                <KindIcon type={typeIn(flow, id, rows)} size={14} />
                {id}
              </h3>
              <table>
                <colgroup>
                  <col className="what-if-way" />
                  <col />
                </colgroup>
                <thead className="visually-hidden">
                  <tr>
                    <th scope="col">Ends with</th>
                    <th scope="col">The person ends up at</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={wayOf(row)} data-verdict={row.verdict} data-chosen={row === chosen || undefined} onClick={() => show(row)}>
                      <th scope="row">
                        <button type="button" aria-pressed={row === chosen} onClick={() => show(row)}>
                          {wayOf(row)}
                        </button>
                      </th>
                      <td>
                        {placeOf(row.end)}
                        {row.verdict === 'failsOpen' && <Badge tone="danger">fails open</Badge>}
                        {row.verdict === 'accepted' && <Badge tone="warning">accepted</Badge>}
                        {row.end.message && <span className="what-if-message muted">{row.end.message}</span>}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          ))}
          {drilled.answer.rows.length > 0 && <p className="field-hint">Choose a row to see its way on the canvas.</p>}
        </>
      )}
    </div>
  );
}

/** The type of the activity: that of a subflow's stands in its steps alone, that of one inside another nowhere. */
const typeIn = (flow: JsonObject, id: string, rows: DrillRow[]): string =>
  text(activity(flow, id)?.['type']) || (rows[0]?.steps.find((step) => step.activity === id)?.type ?? '');

import type { ActivityType } from '../../api/types';
import { setErrorHandling } from '../../graph/edit';
import type { Activity } from '../../graph/flow';
import { text } from '../../graph/json';
import { pointerTo } from '../../graph/pointer';
import { errorHandling, mayIgnoreErrors, type ErrorMode } from '../../graph/ports';
import { problemsWithin, TemplateInput } from '../../forms';
import type { Diagnostic } from '../../api/client';
import { Field, Segmented } from '../../ui';
import { useDesigner, useDesignerStore } from './store';

const modes: { value: ErrorMode; label: string; explained: string }[] = [
  {
    value: 'automatic',
    label: 'Automatic',
    explained: 'Goes back to the last screen and shows a message there. Without a screen, the run fails.',
  },
  { value: 'custom', label: 'Custom', explained: 'Becomes an outcome of its own, which you connect.' },
  { value: 'ignore', label: 'Ignore', explained: 'Goes on by Success; the context still says what happened.' },
];

/** What happens on each error event of an activity. */
export function ErrorHandlingEditor({ item, type, diagnostics }: { item: Activity; type: ActivityType; diagnostics: Diagnostic[] }) {
  const store = useDesignerStore();
  const readOnly = useDesigner((state) => state.readOnly);
  const id = text(item['id']);
  const set = (event: string, mode: ErrorMode, message?: string, group?: string) =>
    store.getState().apply(`Handle ${event} of ${id}`, (flow) => setErrorHandling(flow, id, event, mode, message), group);

  return (
    <div className="stack">
      {type.errorEvents.map((event) => {
        const { mode, message } = errorHandling(item, event);
        const problems = problemsWithin(diagnostics, pointerTo('/errorHandling', event));
        return (
          <div className="error-event" role="group" aria-label={event} key={event}>
            <div className="field-label-text">{event}</div>
            <Segmented
              aria-label={`Handle ${event}`}
              options={mayIgnoreErrors(item, type) || mode === 'ignore' ? modes : modes.filter((one) => one.value !== 'ignore')}
              value={mode}
              disabled={readOnly}
              onChange={(value) => set(event, value as ErrorMode)}
            />
            <p className="field-hint">{modes.find((one) => one.value === mode)!.explained}</p>
            {mode === 'automatic' && (
              <Field label="Message">
                {(input) => (
                  <TemplateInput
                    id={input.id}
                    value={message ?? ''}
                    placeholder="The message of the error"
                    disabled={readOnly}
                    onChange={(value) => set(event, 'automatic', value, `message ${id} ${event}`)}
                  />
                )}
              </Field>
            )}
            {problems.map((problem, index) => (
              <div className="field-problem" data-severity={problem.severity} key={index}>
                {problem.message}
              </div>
            ))}
          </div>
        );
      })}
    </div>
  );
}

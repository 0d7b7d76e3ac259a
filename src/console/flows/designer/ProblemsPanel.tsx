import { CircleAlert, TriangleAlert, X } from 'lucide-react';
import { useMemo } from 'react';
import { countOf, sentenceAt } from '../../forms';
import { FixButton, IconButton } from '../../ui';
import { useFix } from './fixes';
import { showPlace } from './renames';
import { useDesigner, useDesignerStore } from './store';

/** All problems of the flow; choosing one leads to where it is. */
export function ProblemsPanel({ onShow }: { onShow: (activity: string) => void }) {
  const store = useDesignerStore();
  const found = useDesigner((state) => state.problems);
  // What keeps the flow from being published comes first; each in the order of the flow.
  const problems = useMemo(
    () => [...found.filter((problem) => problem.severity === 'error'), ...found.filter((problem) => problem.severity !== 'error')],
    [found],
  );
  const fixOf = useFix();
  const isChecked = useDesigner((state) => state.isChecked);

  return (
    <section className="problems" aria-label="Problems" data-region="problems">
      <header>
        <h2>Problems</h2>
        <span className="muted">
          {problems.length === 0 ? (isChecked ? 'None: the flow can be published.' : 'Checking…') : countOf(problems)}
        </span>
        <span className="spacer" />
        <IconButton
          size="small"
          label="Close the problems"
          icon={<X size={15} />}
          onClick={() => store.getState().set({ showProblems: false })}
        />
      </header>
      <ul>
        {problems.map((problem, index) => (
          <li key={index}>
            <button type="button" className="problem" data-severity={problem.severity} onClick={() => showPlace(store, problem, onShow)}>
              {problem.severity === 'error' ? (
                <CircleAlert size={15} aria-label="Error:" />
              ) : (
                <TriangleAlert size={15} aria-label="Warning:" />
              )}
              <span className="problem-place">{problem.activity ?? (problem.screen ? `screen ${problem.screen}` : 'flow')}</span>
              <span>{sentenceAt(problem)}</span>
            </button>
            <FixButton fix={fixOf(problem)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

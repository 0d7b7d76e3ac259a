import { CircleAlert, TriangleAlert, X } from 'lucide-react';
import { countOf, sentenceAt } from '../../forms';
import type { Problem } from '../../graph/problems';
import { IconButton } from '../../ui';
import { openScreen, useDesigner, useDesignerStore } from './store';

/** All problems of the flow; choosing one leads to where it is. */
export function ProblemsPanel({ onShow }: { onShow: (activity: string) => void }) {
  const store = useDesignerStore();
  const problems = useDesigner((state) => state.problems);
  const isChecked = useDesigner((state) => state.isChecked);

  const show = (problem: Problem) => {
    if (problem.screen) {
      openScreen(store, problem.screen);
      store.getState().set({ component: problem.component });
    } else if (problem.activity) {
      store.getState().set({ area: 'flow', side: 'inspector', isSideOpen: true });
      store.getState().select([problem.activity]);
      onShow(problem.activity);
    } else store.getState().set({ dialog: 'settings' });
  };

  return (
    <section className="problems" aria-label="Problems" data-region="problems">
      <header>
        <h2>Problems</h2>
        <span className="muted">{problems.length === 0 ? (isChecked ? 'None: the flow can be published.' : 'Checking…') : countOf(problems)}</span>
        <span className="spacer" />
        <IconButton size="small" label="Close the problems" icon={<X size={15} />} onClick={() => store.getState().set({ showProblems: false })} />
      </header>
      <ul>
        {problems.map((problem, index) => (
          <li key={index}>
            <button type="button" className="problem" data-severity={problem.severity} onClick={() => show(problem)}>
              {problem.severity === 'error' ? <CircleAlert size={15} aria-label="Error:" /> : <TriangleAlert size={15} aria-label="Warning:" />}
              <span className="problem-place">{problem.activity ?? (problem.screen ? `screen ${problem.screen}` : 'flow')}</span>
              <span>
                {sentenceAt(problem)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

import { useMemo } from 'react';
import { meantBy } from '../../graph/meant';
import type { Problem } from '../../graph/problems';
import type { Fix } from '../../ui';
import { useDesigner, useDesignerStore } from './store';

/** What one click can do about a problem: to take the path that was probably meant. */
export function useFix(): (problem: Problem) => Fix | undefined {
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const catalogue = useDesigner((state) => state.catalogue);
  const isChecked = useDesigner((state) => state.isChecked);
  const readOnly = useDesigner((state) => state.readOnly);
  return (problem) => {
    // The place of a problem is that of the flow that was checked.
    const meant = isChecked && !readOnly ? meantBy(flow, problem, catalogue) : undefined;
    return meant && { label: `Use ${meant.path}`, run: () => store.getState().apply(`Use ${meant.path}`, meant.change) };
  };
}

/** Problems, each with what one click can do about it. */
export function useFixes(problems: Problem[]): Problem[] {
  const fixOf = useFix();
  const flow = useDesigner((state) => state.flow);
  const isChecked = useDesigner((state) => state.isChecked);
  return useMemo(() => problems.map((problem) => {
    const fix = fixOf(problem);
    return fix ? { ...problem, fix } : problem;
  }), [problems, flow, isChecked]);
}

import { ChevronRight } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

interface Props {
  title: ReactNode;
  /** What stands at the right end of the heading, outside of what folds. */
  aside?: ReactNode;
  /** Folded at first. Something that must be seen opens it. */
  folded?: boolean;
  level?: 'section' | 'group';
  children: ReactNode;
}

/** Something that folds. What is folded stays in the page, so that nothing entered is lost. */
export function Disclosure({ title, aside, folded = false, level = 'group', children }: Props) {
  const [open, setOpen] = useState(!folded);
  useEffect(() => {
    if (!folded) setOpen(true);
  }, [folded]);
  return (
    <div className="disclosure" data-level={level}>
      <div className="disclosure-head">
        <button type="button" className="disclosure-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          <ChevronRight aria-hidden="true" />
          {title}
        </button>
        {aside}
      </div>
      <div className="disclosure-body" hidden={!open}>
        {children}
      </div>
    </div>
  );
}

import type { ReactNode } from 'react';
import icon from './icon.svg';

/** The card that stands before the console: sign-in and setup. */
export const Gate = ({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) => (
  <main className="gate">
    <div className="gate-card">
      <img src={icon} alt="" width={44} height={44} />
      <h1>{title}</h1>
      <p className="muted">{lead}</p>
      {children}
    </div>
  </main>
);

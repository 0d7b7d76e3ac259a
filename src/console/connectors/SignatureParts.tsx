import { FileSignature } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Setting } from '../api/types';
import { labelOf } from '../forms';
import { Button, Empty, Notice } from '../ui';
import { Verifiers } from './Verifiers';
import type { Verifier } from './verifiers';

/** What stands in place of a signature while the setting that makes it is empty. */
export function NotSigned({
  title,
  setting,
  disabled,
  onTab,
  children,
}: {
  title: string;
  setting: Setting;
  disabled: boolean;
  onTab: (tab: string) => void;
  children: ReactNode;
}) {
  return (
    <div className="card">
      <Empty
        icon={<FileSignature />}
        title={title}
        action={
          !disabled && (
            <Button kind="primary" onClick={() => onTab('settings')}>
              Set the {labelOf(setting)}
            </Button>
          )
        }
      >
        {children}
      </Empty>
    </div>
  );
}

/** Nothing was signed yet. */
export function SendFirst({ toSee, onTab }: { toSee: string; onTab: (tab: string) => void }) {
  return (
    <Notice>
      Send a{' '}
      <button type="button" className="link" onClick={() => onTab('test')}>
        test request
      </button>{' '}
      to see {toSee}.
    </Notice>
  );
}

/** How a receiver verifies it, and what to mind. */
export function VerifyThere({ verifiers, children }: { verifiers: Verifier[]; children: ReactNode }) {
  return (
    <section className="card" aria-label="Verify it">
      <div className="card-head">
        <h2>Verify it on the other side</h2>
      </div>
      <div className="card-body stack">
        <p className="muted">{children}</p>
        <Verifiers verifiers={verifiers} />
      </div>
    </section>
  );
}

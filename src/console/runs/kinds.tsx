import { AppWindow, BadgeCheck, Braces, CircleStop, Database, Globe, KeyRound, RotateCcw, Rows3, Split, SquareFunction, UserCheck, Workflow, type LucideIcon } from 'lucide-react';

/** How a type of activity looks: its symbol, and the name of its colour in tokens.css. */
const kinds: Record<string, { icon: LucideIcon; kind: string }> = {
  Screen: { icon: AppWindow, kind: 'screen' },
  GenericHttp: { icon: Globe, kind: 'http' },
  Database: { icon: Database, kind: 'data' },
  Condition: { icon: Split, kind: 'logic' },
  Scriptlet: { icon: Braces, kind: 'script' },
  SetUser: { icon: UserCheck, kind: 'user' },
  VerifyPassword: { icon: KeyRound, kind: 'user' },
  CustomClaims: { icon: BadgeCheck, kind: 'user' },
  Subflow: { icon: Workflow, kind: 'logic' },
  Parallel: { icon: Rows3, kind: 'logic' },
  Restart: { icon: RotateCcw, kind: 'end' },
  End: { icon: CircleStop, kind: 'end' },
};

/** The symbol of a type of activity, in its colour. */
export function ActivityIcon({ type }: { type: string }) {
  const { icon: Icon, kind } = kinds[type] ?? { icon: SquareFunction, kind: 'logic' };
  return (
    <span className="activity-icon" style={{ color: `var(--kind-${kind})` }}>
      <Icon aria-hidden="true" />
    </span>
  );
}

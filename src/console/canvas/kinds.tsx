import {
  Braces,
  CircleStop,
  Code,
  Database,
  Fingerprint,
  GitBranch,
  Globe,
  KeyRound,
  MonitorSmartphone,
  Puzzle,
  RotateCcw,
  Split,
  Tags,
  Workflow,
  type LucideIcon,
} from 'lucide-react';

interface Kind {
  icon: LucideIcon;
  /** The name of a colour of tokens.css: --kind-<colour>. */
  colour: 'screen' | 'http' | 'data' | 'logic' | 'script' | 'user' | 'end';
}

const kinds: Record<string, Kind> = {
  Screen: { icon: MonitorSmartphone, colour: 'screen' },
  GenericHttp: { icon: Globe, colour: 'http' },
  Database: { icon: Database, colour: 'data' },
  Condition: { icon: GitBranch, colour: 'logic' },
  Parallel: { icon: Split, colour: 'logic' },
  Subflow: { icon: Workflow, colour: 'logic' },
  Scriptlet: { icon: Code, colour: 'script' },
  SetUser: { icon: Fingerprint, colour: 'user' },
  VerifyPassword: { icon: KeyRound, colour: 'user' },
  CustomClaims: { icon: Tags, colour: 'user' },
  Restart: { icon: RotateCcw, colour: 'end' },
  End: { icon: CircleStop, colour: 'end' },
};

/** How activities of a type look. Types of the server's own have a look too. */
export const kindOf = (type: string): Kind => kinds[type] ?? { icon: type ? Puzzle : Braces, colour: 'http' };

/** The icon of a type, on its colour. */
export function KindIcon({ type, size = 16 }: { type: string; size?: number }) {
  const { icon: Icon, colour } = kindOf(type);
  return (
    <span className="kind-icon" data-colour={colour} aria-hidden="true">
      <Icon size={size} />
    </span>
  );
}

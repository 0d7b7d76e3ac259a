import {
  AlignLeft,
  AtSign,
  BadgeCheck,
  Bell,
  Braces,
  Calendar,
  CircleStop,
  Clock,
  Code,
  Columns2,
  Database,
  FileText,
  Fingerprint,
  Gift,
  GitBranch,
  Globe,
  Hash,
  Image,
  KeyRound,
  Link2,
  ListChecks,
  Lock,
  Mail,
  Minus,
  MonitorSmartphone,
  Phone,
  PlugZap,
  Puzzle,
  RotateCcw,
  Send,
  Shield,
  Split,
  SquareCheck,
  SquareMousePointer,
  Star,
  Tags,
  TextCursorInput,
  TriangleAlert,
  Type,
  Users,
  Workflow,
  type LucideIcon,
} from 'lucide-react';

/** The icons that activities, components and connectors can name; docs/custom-activity.md lists them. */
export const icons: Record<string, LucideIcon> = {
  'align-left': AlignLeft,
  'at-sign': AtSign,
  'badge-check': BadgeCheck,
  bell: Bell,
  calendar: Calendar,
  'circle-stop': CircleStop,
  clock: Clock,
  code: Code,
  'columns-2': Columns2,
  database: Database,
  'file-text': FileText,
  fingerprint: Fingerprint,
  gift: Gift,
  'git-branch': GitBranch,
  globe: Globe,
  hash: Hash,
  image: Image,
  'key-round': KeyRound,
  'link-2': Link2,
  'list-checks': ListChecks,
  lock: Lock,
  mail: Mail,
  minus: Minus,
  'monitor-smartphone': MonitorSmartphone,
  phone: Phone,
  plug: PlugZap,
  puzzle: Puzzle,
  'rotate-ccw': RotateCcw,
  send: Send,
  shield: Shield,
  split: Split,
  'square-check': SquareCheck,
  'square-mouse-pointer': SquareMousePointer,
  star: Star,
  tags: Tags,
  'text-cursor-input': TextCursorInput,
  'triangle-alert': TriangleAlert,
  type: Type,
  users: Users,
  workflow: Workflow,
};

/** An icon by its name, or as a path of SVG within 24 by 24. What is neither is a piece that somebody else brought. */
export function Icon({ icon, size = 16 }: { icon: string; size?: number }) {
  const Known = Object.hasOwn(icons, icon) ? icons[icon] : undefined;
  if (Known) return <Known size={size} />;
  if (!/^[Mm][\d\s.,a-zA-Z+-]+$/.test(icon)) return icon === '' ? <Braces size={size} /> : <Puzzle size={size} />;
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={icon} />
    </svg>
  );
}

import { Database, Globe, PlugZap } from 'lucide-react';

/** The sign of a connector type. */
export function TypeIcon({ type }: { type: string }) {
  const Icon = type === 'http' ? Globe : type === 'sql' ? Database : PlugZap;
  return (
    <span className="type-icon" data-type={type} aria-hidden="true">
      <Icon />
    </span>
  );
}

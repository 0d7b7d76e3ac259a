import { Database, Globe, PlugZap } from 'lucide-react';
import { useSchema } from '../forms';

const known: Record<string, typeof Globe> = { globe: Globe, database: Database };

/** The sign of a connector type, as the type itself says it: by name, or as the path of one of its own. */
export function TypeSign({ icon }: { icon: string }) {
  const Icon = known[icon];
  if (Icon) return <Icon />;
  return /^M[\d\s.,a-zA-Z-]+$/.test(icon) ? (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
      <path d={icon} />
    </svg>
  ) : (
    <PlugZap />
  );
}

/** The sign of a connector. */
export function TypeIcon({ type }: { type: string }) {
  const schema = useSchema();
  return (
    <span className="type-icon" data-type={type} aria-hidden="true">
      <TypeSign icon={schema.data?.connectors.find((one) => one.type === type)?.icon ?? ''} />
    </span>
  );
}

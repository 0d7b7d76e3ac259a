import { Icon } from '../canvas/icons';
import { useSchema } from '../forms';

/** The sign of a connector's type. */
export function TypeIcon({ type }: { type: string }) {
  const schema = useSchema();
  return (
    <span className="type-icon" data-type={type} aria-hidden="true">
      <Icon icon={schema.data?.connectors.find((one) => one.type === type)?.icon ?? 'plug'} size={18} />
    </span>
  );
}

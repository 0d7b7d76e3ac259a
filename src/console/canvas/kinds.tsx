import type { ActivityType } from '../api/types';
import { useSchema } from '../forms/useSchema';
import { Icon } from './icons';

/** The icon of something, on its colour: --kind-<tone> of tokens.css. */
export const ToneIcon = ({ icon, tone, size = 16 }: Pick<ActivityType, 'icon' | 'tone'> & { size?: number }) => (
  <span className="kind-icon" data-colour={tone} aria-hidden="true">
    <Icon icon={icon} size={size} />
  </span>
);

/** What the server says of a type; undefined for one that it does not know, and while it is asked. */
export const useType = (type: string): ActivityType | undefined => useSchema().data?.activities.find((one) => one.type === type);

/** The icon of an activity type, on its colour. */
export function KindIcon({ type, size = 16 }: { type: string; size?: number }) {
  const known = useType(type);
  return <ToneIcon icon={known?.icon ?? (type && 'puzzle')} tone={known?.tone ?? 'http'} size={size} />;
}

import { ShieldAlert } from 'lucide-react';
import { Badge } from '../ui';

/** Stands wherever a connector is shown that does something dangerous. */
export const WarningBadge = ({ warning }: { warning: string }) => (
  <Badge tone="danger" icon={<ShieldAlert />}>
    {warning}
  </Badge>
);

import { ShieldAlert } from 'lucide-react';
import { Badge } from '../ui';

/** Stands wherever a connector is shown that checks no certificate. */
export const InsecureBadge = () => (
  <Badge tone="danger" icon={<ShieldAlert />}>
    Trusts any certificate
  </Badge>
);

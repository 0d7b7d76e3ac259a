import { ShieldAlert } from 'lucide-react';
import { counted } from '../text/counted';
import { Badge } from '../ui';
import { endsSoon } from './certificate';

/** Stands wherever a connector is shown whose client certificate has ended, or ends within 30 days. */
export const CertificateBadge = ({ daysLeft }: { daysLeft: number | null | undefined }) =>
  endsSoon(daysLeft) && (
    <Badge tone={daysLeft < 0 ? 'danger' : 'warning'} icon={<ShieldAlert />}>
      {daysLeft < 0 ? 'Client certificate ended' : `Client certificate ends in ${counted(daysLeft, 'day')}`}
    </Badge>
  );

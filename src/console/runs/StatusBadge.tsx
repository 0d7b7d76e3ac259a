import { Ban, CircleCheck, CircleSlash, CircleX, Hourglass, Loader, TimerOff } from 'lucide-react';
import type { RunHead } from '../api/types';
import { Badge } from '../ui';
import { statusLabels } from './filter';
import { hasExpired } from './list';

const looks = {
  running: { tone: 'info', icon: <Loader aria-hidden="true" /> },
  waiting: { tone: 'warning', icon: <Hourglass aria-hidden="true" /> },
  completed: { tone: 'success', icon: <CircleCheck aria-hidden="true" /> },
  refused: { tone: 'warning', icon: <Ban aria-hidden="true" /> },
  cancelled: { tone: undefined, icon: <CircleSlash aria-hidden="true" /> },
  expired: { tone: undefined, icon: <TimerOff aria-hidden="true" /> },
  failed: { tone: 'danger', icon: <CircleX aria-hidden="true" /> },
} as const;

/** Where a run is. */
export function StatusBadge({ run, now }: { run: RunHead; now: number }) {
  const status = hasExpired(run, now) ? 'expired' : run.status;
  const { tone, icon } = looks[status];
  return (
    <Badge {...(tone && { tone })} icon={icon}>
      {statusLabels[status]}
    </Badge>
  );
}

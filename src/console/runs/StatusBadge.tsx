import { Ban, CircleCheck, CircleSlash, CircleX, Hourglass, Loader, TimerOff } from 'lucide-react';
import type { RunHead } from '../api/types';
import { Badge } from '../ui';
import { hasExpired } from './list';

const looks = {
  running: { tone: 'info', icon: <Loader aria-hidden="true" />, text: 'Running' },
  waiting: { tone: 'warning', icon: <Hourglass aria-hidden="true" />, text: 'Waiting' },
  completed: { tone: 'success', icon: <CircleCheck aria-hidden="true" />, text: 'Completed' },
  refused: { tone: 'warning', icon: <Ban aria-hidden="true" />, text: 'Refused' },
  cancelled: { tone: undefined, icon: <CircleSlash aria-hidden="true" />, text: 'Cancelled' },
  expired: { tone: undefined, icon: <TimerOff aria-hidden="true" />, text: 'Expired' },
  failed: { tone: 'danger', icon: <CircleX aria-hidden="true" />, text: 'Failed' },
} as const;

/** Where a run is. */
export function StatusBadge({ run, now }: { run: RunHead; now: number }) {
  const { tone, icon, text } = looks[hasExpired(run, now) ? 'expired' : run.status];
  return (
    <Badge {...(tone && { tone })} icon={icon}>
      {text}
    </Badge>
  );
}

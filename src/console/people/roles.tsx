import type { Role } from '../api/types';
import { Badge } from '../ui';

export const roles: { role: Role; name: string; may: string }[] = [
  { role: 'viewer', name: 'Viewer', may: 'Sees flows, connectors without their secrets, and runs.' },
  {
    role: 'designer',
    name: 'Designer',
    may:
      'Also changes and publishes flows, changes and tests connectors, cancels runs. ' +
      'A flow decides who is signed in as whom, so a designer can publish one that signs anybody in.',
  },
  { role: 'admin', name: 'Admin', may: 'Also manages people and reads the audit log.' },
];

export const RoleBadge = ({ role }: { role: Role }) => (
  <Badge tone={role === 'admin' ? 'accent' : role === 'designer' ? 'info' : undefined}>
    {roles.find((one) => one.role === role)?.name ?? role}
  </Badge>
);

/** How a name may be, as the server wants it. */
export const nameRule = "Letters, digits, '.', '_', '-', '+' and '@', such as an e-mail address; no spaces.";

/** How a password has to be, as the server wants it. */
export const passwordRule = 'At least 12 characters.';

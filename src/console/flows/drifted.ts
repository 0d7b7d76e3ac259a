/** How many things differ from what was applied. No DOM. */
import type { Drifted } from '../api/types';

/** "1 flow differs from", "3 connectors differ from". */
export function driftOf(drifted: Drifted[]): string {
  const kind = drifted[0]?.kind ?? 'flow';
  return drifted.length === 1 ? `1 ${kind} differs from` : `${drifted.length} ${kind}s differ from`;
}

import { useId, useState } from 'react';
import { Notice, TextArea } from '../ui';
import { differenceOf } from './difference';

/** What a receiver computed, pasted beside what was signed: the first line and byte that differ, and why. */
export function Comparison({ ours, what }: { ours: string; what: string }) {
  const [theirs, setTheirs] = useState('');
  const id = useId();
  const difference = theirs === '' ? undefined : differenceOf(ours, theirs);
  return (
    <div className="stack">
      <label htmlFor={id}>Paste {what} that your server computed</label>
      <TextArea id={id} mono rows={4} value={theirs} onChange={(event) => setTheirs(event.target.value)} />
      {theirs !== '' &&
        (difference ? (
          <Notice tone="warning" role="status">
            They differ in line {difference.line}, at byte {difference.byte}. {difference.reason}
            <br />
            Signed: <code className="break">{difference.ours ?? 'no such line'}</code>
            <br />
            Yours: <code className="break">{difference.theirs ?? 'no such line'}</code>
          </Notice>
        ) : (
          <Notice role="status">They are the same: look at the key, and at how the signature is compared.</Notice>
        ))}
    </div>
  );
}

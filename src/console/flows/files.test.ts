import { describe, expect, it } from 'vitest';
import { warningOf } from './files';

describe('what the server warns of in a file', () => {
  const warning = { message: "'b' leads back to 'a'.", advice: 'Let the loop be entered at one activity.' };

  it('is nothing without the header', () => {
    expect(warningOf(null)).toBe('');
  });

  it('is the first warning, and how many more there are', () => {
    expect(warningOf(JSON.stringify({ total: 1, diagnostics: [warning] }))).toBe(
      "'b' leads back to 'a'. Let the loop be entered at one activity.",
    );
    expect(warningOf(JSON.stringify({ total: 3, diagnostics: [warning] }))).toMatch(/activity\. \(2 more\)$/);
  });

  it('is how many there are, where none has room in the header', () => {
    expect(warningOf(JSON.stringify({ total: 7, diagnostics: [] }))).toBe('7 warnings');
  });
});

import { expect, it } from 'vitest';
import { withToast, type Toast } from './toast';

let last = 0;
const made = (text: string, tone: Toast['tone'] = 'success', about = text): Toast => ({ id: ++last, text, tone, about });
const after = (...all: Toast[]): string[] => all.reduce<Toast[]>((shown, next) => withToast(shown, next), []).map((shown) => shown.text);

it('the same failure is told once', () => expect(after(made('No.', 'danger'), made('No.', 'danger'))).toEqual(['No.']));
it('a failure leaves when what failed succeeds', () =>
  expect(after(made('Not saved.', 'danger', 'save'), made('No.', 'danger'), made('Saved.', 'success', 'save'))).toEqual(['Saved.']));
it('a success does not leave when something fails', () => expect(after(made('Saved.'), made('No.', 'danger'))).toEqual(['Saved.', 'No.']));
it('no more than three are shown', () => expect(after(made('1'), made('2'), made('3'), made('4'))).toEqual(['2', '3', '4']));

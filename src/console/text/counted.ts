/** Words about numbers, for whoever reads. No DOM. */

/** "1 case", "2 cases", "1,234 activities": every count that a page says is said here, so that one is never "1 cases". */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** "in 80 seconds", "in 10 minutes"; "in a moment" where it is not known. */
export function soon(seconds: number | undefined): string {
  if (seconds === undefined) return 'in a moment';
  if (seconds === 1) return 'in a second';
  if (seconds <= 90) return `in ${seconds} seconds`;
  return `in ${counted(Math.ceil(seconds / 60), 'minute')}`;
}

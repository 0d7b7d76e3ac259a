/** The line that a message of the server speaks of ("… at line 3, character 7"), counted from 1, or undefined. No DOM. */
export function lineOf(message: string): number | undefined {
  const found = /\bline (\d+)/i.exec(message);
  return found ? Math.max(1, Number(found[1])) : undefined;
}

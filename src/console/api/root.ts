/** The file that runs says where FlowEngine is: it is served as console/assets/… below that path (while it is developed, console/api/…). */
const self = import.meta.url;

/** The path of FlowEngine on its host, without a slash at the end: "" at the root, "/auth" under that path. All addresses begin with it. */
export const root = rootOf(self);

/** The path that a file of the console, two folders below, is served under. */
export function rootOf(file: string): string {
  return /^https?:/.test(file) ? new URL('../..', file).pathname.replace(/\/+$/, '') : '';
}

/** The text of a file that somebody chose. No DOM. */
import { counted } from '../text/counted';

/** As much as the server reads of a file. */
export const mostBytes = 16 * 1024 * 1024;

/** Why a file was not read, for whoever chose it. */
export class UnreadableFile extends Error {}

/**
 * The text of a file.
 * @throws UnreadableFile where it is empty, too large or no text at all: a picture, an archive.
 */
export async function textOfFile(file: Pick<File, 'size' | 'arrayBuffer'>): Promise<string> {
  if (file.size === 0) throw new UnreadableFile('The file is empty.');
  if (file.size > mostBytes)
    throw new UnreadableFile(
      `The file has ${counted(Math.ceil(file.size / 1024 / 1024), 'megabyte')}; ${mostBytes / 1024 / 1024} are read at most.`,
    );
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    if (!text.includes('\0')) return text;
  } catch {
    // Bytes that are no UTF-8.
  }
  throw new UnreadableFile('The file is no text in UTF-8: it may be a picture, an archive, or saved in another encoding.');
}

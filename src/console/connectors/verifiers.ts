/** The verifiers of docs/hmac.md and docs/message-signatures.md, which tests run against real signatures. No DOM. */
import page from '../../../docs/hmac.md?raw';
import messagesPage from '../../../docs/message-signatures.md?raw';

export interface Verifier {
  /** "C#", "Node", "Python", "Go". */
  name: string;
  /** What its arguments are, in Markdown. */
  notes: string;
  code: string;
}

/** The sections below "Verifiers": a heading, a few words, a code block. */
export function readVerifiers(markdown: string): Verifier[] {
  const verifiers = /^## Verifiers$([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(markdown)?.[1] ?? '';
  return verifiers
    .split(/^### /m)
    .slice(1)
    .flatMap((section) => {
      const [name = ''] = section.split('\n', 1);
      const block = /^```\w*\n([\s\S]*?)^```/m.exec(section);
      return block
        ? [
            {
              name: name.trim(),
              notes: section
                .slice(name.length, block.index)
                .trim()
                .replace(/\s*\n\s*/g, ' '),
              code: block[1]!.trimEnd(),
            },
          ]
        : [];
    });
}

export const verifiers: Verifier[] = readVerifiers(page);

export const messageVerifiers: Verifier[] = readVerifiers(messagesPage);

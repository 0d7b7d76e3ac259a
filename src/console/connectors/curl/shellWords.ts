/** Splits a command line into words as a POSIX shell does: quotes, escapes, $'…', line continuations. It runs nothing. No DOM. */

export interface ShellWords {
  words: string[];
  /** Variables and substitutions that a shell would have replaced; they stay as they are written. */
  unresolved: string[];
  problem?: string;
}

export function shellWords(text: string): ShellWords {
  const words: string[] = [];
  const unresolved: string[] = [];
  let word: string | undefined;
  let at = 0;

  const add = (more: string) => (word = (word ?? '') + more);
  const end = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  /** A variable or substitution at a $ or a back quote; it is kept as text. */
  const expansion = () => {
    const found = /^(\$\{[^}]*\}|\$[A-Za-z_]\w*|\$\((?:[^()]|\([^()]*\))*\)|`[^`]*`)/.exec(text.slice(at));
    if (found) unresolved.push(found[0]);
    const taken = found?.[0] ?? text[at]!;
    add(taken);
    at += taken.length;
  };

  while (at < text.length) {
    const character = text[at]!;
    if (character === '\\') {
      const lineBreak = /^\\\r?\n/.exec(text.slice(at));
      if (lineBreak) at += lineBreak[0].length;
      else {
        add(text[at + 1] ?? '\\');
        at += 2;
      }
    } else if (character === "'") {
      const close = text.indexOf("'", at + 1);
      if (close < 0) return { words, unresolved, problem: "A ' is not closed." };
      add(text.slice(at + 1, close));
      at = close + 1;
    } else if (character === '$' && text[at + 1] === "'") {
      const quoted = ansiC(text, at + 2);
      if (!quoted) return { words, unresolved, problem: "A $' is not closed." };
      add(quoted.text);
      at = quoted.end;
    } else if (character === '"' || (character === '$' && text[at + 1] === '"')) {
      at += character === '$' ? 2 : 1;
      add('');
      while (at < text.length && text[at] !== '"') {
        const inner = text[at]!;
        if (inner === '\\') {
          const lineBreak = /^\\\r?\n/.exec(text.slice(at));
          const next = text[at + 1] ?? '';
          if (lineBreak) at += lineBreak[0].length;
          else {
            add('$`"\\'.includes(next) && next !== '' ? next : `\\${next}`);
            at += 2;
          }
        } else if (inner === '$' || inner === '`') expansion();
        else {
          add(inner);
          at++;
        }
      }
      if (at >= text.length) return { words, unresolved, problem: 'A " is not closed.' };
      at++;
    } else if (character === '$' || character === '`') {
      expansion();
    } else if (character === '#' && word === undefined) {
      const line = text.indexOf('\n', at);
      at = line < 0 ? text.length : line;
    } else if (
      character === '\n' ||
      character === ';' ||
      character === '|' ||
      character === '&' ||
      character === '>' ||
      character === '<'
    ) {
      // The command ends; an empty line before it is no end.
      const isRedirection = (character === '>' || character === '<') && word !== undefined && /^\d$/.test(word);
      if (isRedirection) word = undefined;
      end();
      if (words.length > 0) return { words, unresolved };
      at++;
    } else if (/\s/.test(character)) {
      end();
      at++;
    } else {
      add(character);
      at++;
    }
  }
  end();
  return { words, unresolved };
}

const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

/** What stands inside $'…'. Bytes given by number are read as UTF-8. */
function ansiC(text: string, start: number): { text: string; end: number } | undefined {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  let at = start;
  while (at < text.length && text[at] !== "'") {
    if (text[at] !== '\\') {
      const character = String.fromCodePoint(text.codePointAt(at)!);
      bytes.push(...encoder.encode(character));
      at += character.length;
      continue;
    }
    const rest = text.slice(at + 1, at + 10);
    const byte = /^x([0-9a-fA-F]{1,2})/.exec(rest) ?? /^([0-7]{1,3})/.exec(rest);
    const unicode = /^u([0-9a-fA-F]{1,4})/.exec(rest) ?? /^U([0-9a-fA-F]{1,8})/.exec(rest);
    if (byte) {
      bytes.push(parseInt(byte[1]!, byte[0].startsWith('x') ? 16 : 8) & 0xff);
      at += 1 + byte[0].length;
    } else if (unicode) {
      let code = parseInt(unicode[1]!, 16);
      at += 1 + unicode[0].length;
      // Browsers write what is beyond U+FFFF as a pair.
      const low = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(text.slice(at, at + 6));
      if (code >= 0xd800 && code <= 0xdbff && low) {
        code = 0x10000 + ((code - 0xd800) << 10) + (parseInt(low[1]!, 16) - 0xdc00);
        at += 6;
      }
      bytes.push(...encoder.encode(code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'));
    } else {
      const next = rest[0] ?? '';
      bytes.push(...encoder.encode(escapes[next] ?? `\\${next}`));
      at += 2;
    }
  }
  return at < text.length ? { text: new TextDecoder().decode(new Uint8Array(bytes)), end: at + 1 } : undefined;
}

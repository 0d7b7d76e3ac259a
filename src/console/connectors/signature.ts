/** What a signature covers, part by part. No DOM. */
import type { HttpTestResult } from './testRequest';

export const templateHeader = 'x-descope-signature-template';
export const recommendedTemplate = 'METHOD,URI,HEADER_x-descope-timestamp,BODY';

export interface SignedPart {
  element: string;
  /** What the element is, in words. */
  meaning: string;
  /** What it was in the request; undefined where none was made yet. */
  value: string | undefined;
}

/** The elements of a template, with what they were in a request; without a template the body alone is signed. */
export function partsOf(template: string, request?: HttpTestResult['request']): SignedPart[] {
  return (template.trim() === '' ? 'BODY' : template).split(',').map((text) => {
    const element = text.trim();
    return { element, meaning: meaningOf(element), value: request && valueOf(element, request) };
  });
}

function meaningOf(element: string): string {
  if (element === 'METHOD') return 'The method in upper case';
  if (element === 'URI') return 'Path and query, as they stand in the request line';
  if (element === 'BODY') return 'The body, byte for byte';
  if (/^HEADER_x-descope-timestamp$/i.test(element)) return 'The time of signing in Unix seconds; added when no such header is set';
  if (element.startsWith('HEADER_')) return 'The header’s value as sent; nothing when it was not sent';
  return 'Unknown: use METHOD, URI, HEADER_<name> and BODY';
}

function valueOf(element: string, request: NonNullable<HttpTestResult['request']>): string {
  if (element === 'METHOD') return request.method.toUpperCase();
  if (element === 'URI') return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(request.url)?.[1]?.replace(/^(?!\/)/, '/') ?? request.url;
  if (element === 'BODY') return request.body ?? '';
  if (!element.startsWith('HEADER_')) return '';
  const name = element.slice('HEADER_'.length).toLowerCase();
  return (
    Object.entries(request.headers)
      .find(([header]) => header.toLowerCase() === name)?.[1]
      .trim() ?? ''
  );
}

export interface HexLine {
  offset: string;
  hex: string;
  text: string;
}

/** The bytes of a text in UTF-8, sixteen to a line; what cannot be printed is a dot. */
export function hexOf(text: string, limit = 4096): { lines: HexLine[]; bytes: number } {
  const bytes = new TextEncoder().encode(text);
  const lines: HexLine[] = [];
  for (let at = 0; at < Math.min(bytes.length, limit); at += 16) {
    const line = [...bytes.slice(at, Math.min(at + 16, limit))];
    const pairs = line.map((byte) => byte.toString(16).padStart(2, '0'));
    lines.push({
      offset: at.toString(16).padStart(8, '0'),
      hex: [pairs.slice(0, 8).join(' '), pairs.slice(8).join(' ')].filter(Boolean).join('  '),
      text: line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
    });
  }
  return { lines, bytes: bytes.length };
}

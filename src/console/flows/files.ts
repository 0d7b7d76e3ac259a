import { api, ApiError } from '../api/client';
import { writeJson } from '../api/json';
import { root } from '../api/root';
import type { ConnectorDetail, Diagnostic, JsonObject } from '../api/types';
import { fileOf } from '../connectors/definition';
import { toast } from '../ui';
import { textOfFile, UnreadableFile } from './readFile';

/** What a file holds; no definition where that is no flow, and then the problems say why. */
export interface Imported {
  definition: JsonObject | null;
  diagnostics: Pick<Diagnostic, 'severity' | 'message' | 'advice'>[];
}

/** Reads a flow file or an Elsa 3 definition; the server does, and saves nothing. */
export async function importFile(file: File): Promise<Imported> {
  try {
    return await api.post<Imported>('/api/flows/import', { content: await textOfFile(file), fileName: file.name });
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { definition: null, diagnostics: [{ severity: 'error', message: error.message, advice: '' }] };
  }
}

/** Exports a connector, without the secrets that are stored. */
export async function exportConnector(id: string): Promise<void> {
  const { definition } = await api.get<ConnectorDetail>(`/api/connectors/${encodeURIComponent(id)}`);
  download(`${id}.connector.json`, `${writeJson(fileOf(definition), 2)}\n`);
}

/** Hands a file to the browser to keep. */
export function download(name: string, content: string, type = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** What the server warns of in a file that it wrote: the header of its answer, as a sentence; empty without one. */
export function warningOf(header: string | null): string {
  if (!header) return '';
  const { total, diagnostics } = JSON.parse(header) as { total: number; diagnostics: Pick<Diagnostic, 'message' | 'advice'>[] };
  const first = diagnostics[0];
  if (!first) return `${total} warnings`;
  return `${first.message} ${first.advice}${total > 1 ? ` (${total - 1} more)` : ''}`;
}

/** Exports a flow as the server writes it, and tells what it warns of. */
export async function exportFlow(id: string, format: 'flow' | 'elsa', version?: number | 'draft'): Promise<void> {
  const response = await fetch(
    `${root}/api/flows/${encodeURIComponent(id)}/export?format=${format}${version === undefined ? '' : `&version=${version}`}`,
    { credentials: 'same-origin' },
  );
  const content = await response.text();
  if (!response.ok) {
    let message = response.statusText;
    try {
      message = String((JSON.parse(content) as JsonObject)['errorMessage'] ?? message);
    } catch {
      // No problem details: the status says what there is to say.
    }
    throw new ApiError(response.status, `http.${response.status}`, message);
  }
  const warning = warningOf(response.headers.get('FlowEngine-Warnings'));
  if (warning) toast(`${id} was exported. ${warning}`, 'warning', `export of ${id}`);
  download(format === 'elsa' ? `${id}.elsa.json` : `${id}.flow.json`, content);
}

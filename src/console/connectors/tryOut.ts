/** Tries a connector out with the settings of the form, saved or not. No DOM. */
import { api } from '../api/client';
import type { JsonObject } from '../api/types';
import type { HttpTestResult } from './testRequest';

export type TryOut = (request: JsonObject, signal?: AbortSignal) => Promise<HttpTestResult>;

/** What tries a connector out.
 * @param id its id; '' for one that was never saved
 * @param unsaved the settings of the form, where they are not those that are stored */
export const tryOutOf =
  (id: string, unsaved: JsonObject | undefined): TryOut =>
  (request, signal) =>
    api.post<HttpTestResult>(
      `/api/connectors/${encodeURIComponent(id || 'new')}/test`,
      { ...request, ...(unsaved && { definition: id ? unsaved : { ...unsaved, id: 'new' } }) },
      signal,
    );

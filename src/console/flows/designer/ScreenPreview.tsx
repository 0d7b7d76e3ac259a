import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { api } from '../../api/client';
import { screen, type Flow } from '../../graph/flow';
import { isObject } from '../../graph/json';
import { Failed, Loading, Segmented } from '../../ui';
import { isDark } from '../../ui/theme';
import { useDesigner } from './store';
import { sampleForm } from './tries';

const widths = [
  { value: 'wide', label: 'Wide' },
  { value: 'phone', label: 'Phone' },
];
const looks = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** A screen as the hosted pages draw it. The frame can run nothing and reach nothing. */
export function ScreenPreview({ flow, id }: { flow: Flow; id: string }) {
  const [width, setWidth] = useState('wide');
  const [look, setLook] = useState(() => (isDark() ? 'dark' : 'light'));
  const settled = useSettled(flow, 300);
  const shown = useDeferredValue(screen(settled, id));
  const readOnly = useDesigner((state) => state.readOnly);
  const tried = useDesigner((state) => state.tryContext);
  const catalogue = useDesigner((state) => state.catalogue);
  const sample = useMemo(
    () => ({
      context: tried ?? {},
      form: { ...sampleForm(settled, shown, catalogue), ...(isObject(tried?.['form']) ? tried['form'] : {}) },
    }),
    [settled, shown, tried, catalogue],
  );
  const preview = useQuery({
    queryKey: ['preview', id, shown, sample, look],
    queryFn: ({ signal }) =>
      api.post<{ html: string }>('/api/screens/preview', { screen: shown, ...sample, locales: settled['locales'], theme: look }, signal),
    enabled: shown !== undefined && !readOnly,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
    staleTime: Infinity,
  });

  return (
    <section className="preview" aria-label="Preview" data-region="side">
      <div className="preview-bar">
        <h2>Preview</h2>
        <span className="spacer" />
        <Segmented aria-label="Look of the preview" options={looks} value={look} onChange={setLook} />
        <Segmented aria-label="Width of the preview" options={widths} value={width} onChange={setWidth} />
      </div>
      <div className="preview-stage">
        {readOnly ? (
          <p className="muted">Designers see a preview here.</p>
        ) : preview.isError ? (
          <Failed error={preview.error} onRetry={() => void preview.refetch()} />
        ) : !preview.data ? (
          <Loading />
        ) : (
          <iframe
            className="preview-frame"
            data-width={width}
            title={`Preview of ${id}`}
            sandbox=""
            srcDoc={still(preview.data.html)}
            style={{ colorScheme: look }}
          />
        )}
      </div>
      <p className="field-hint">
        Drawn by the server as on the hosted pages, with{' '}
        {tried ? 'what the last try found' : 'sample values where it has them; try the flow to see its own'}.
      </p>
    </section>
  );
}

/**
 * The page without what the frame would refuse anyway, and say so in the browser's console. It is a picture: who walks by keyboard does not
 * have to walk through its inputs, and a preview that is drawn anew takes no focus with it.
 */
const still = (html: string): string =>
  html
    .replace(/<body\b/i, '<body inert')
    .replace(/<script\b[\s\S]*?<\/script>/gi, '')
    .replace(/\sautofocus(="[^"]*")?(?=[\s>])/gi, '');

/** A value when it has not changed for a moment. */
function useSettled<T>(value: T, delay: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
}

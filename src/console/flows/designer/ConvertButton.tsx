import { ArrowLeftRight } from 'lucide-react';
import type { Flow } from '../../graph/flow';
import type { Catalogue } from '../../graph/ports';
import type { Conversion } from '../../graph/statusOutcomes';
import { Button } from '../../ui';
import { useDesigner, useDesignerStore } from './store';

/** Draws the same in another way, where that is possible; else it says why not. Nothing where there is nothing to draw otherwise. */
export function ConvertButton({
  id,
  label,
  convert,
}: {
  id: string;
  label: string;
  convert: (flow: Flow, id: string, catalogue: Catalogue) => Conversion | undefined;
}) {
  const store = useDesignerStore();
  const flow = useDesigner((state) => state.flow);
  const catalogue = useDesigner((state) => state.catalogue);
  const conversion = convert(flow, id, catalogue);
  if (!conversion) return null;
  const why = 'why' in conversion ? conversion.why : undefined;
  const go = () => {
    if ('why' in conversion) return;
    store.getState().apply(label, () => conversion.flow);
    store.getState().select([conversion.id]);
  };
  return (
    <div className="stack">
      <div>
        <Button size="small" kind="quiet" icon={<ArrowLeftRight />} disabled={why !== undefined} onClick={go}>
          {label}
        </Button>
      </div>
      {why && <p className="field-hint">{why}</p>}
    </div>
  );
}

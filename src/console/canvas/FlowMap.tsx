import { useMemo, type Ref } from 'react';
import type { Flow } from '../graph/flow';
import type { Catalogue } from '../graph/ports';
import { FlowCanvas, type CanvasHandle } from './FlowCanvas';

interface Props {
  flow: Flow;
  catalogue: Catalogue;
  selected?: string | undefined;
  onSelect?: (id: string | undefined) => void;
  label?: string;
  handle?: Ref<CanvasHandle>;
}

/** A flow to look at. */
export function FlowMap({ flow, catalogue, selected, onSelect, label = 'Flow', handle }: Props) {
  const selection = useMemo(() => new Set(selected === undefined ? [] : [selected]), [selected]);
  return (
    <FlowCanvas
      flow={flow}
      catalogue={catalogue}
      selection={selection}
      readOnly
      label={label}
      onSelect={(ids) => onSelect?.([...ids].at(-1))}
      {...(handle && { handle })}
    />
  );
}

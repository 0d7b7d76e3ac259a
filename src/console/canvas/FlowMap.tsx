import { useMemo, type Ref } from 'react';
import { placesOf } from '../graph/layout';
import type { Flow } from '../graph/flow';
import type { Catalogue } from '../graph/ports';
import { FlowCanvas, type CanvasHandle } from './FlowCanvas';
import { litPath, type PathStep } from './path';
import type { Mark } from './views';

interface Props {
  flow: Flow;
  catalogue: Catalogue;
  /** The activities that a run went through, in order. */
  path?: readonly PathStep[];
  /** How it stands at the last of them. */
  last?: Mark;
  selected?: string | undefined;
  onSelect?: (id: string | undefined) => void;
  label?: string;
  handle?: Ref<CanvasHandle>;
}

/** A flow to look at, with the path of a run lit up. */
export function FlowMap({ flow, catalogue, path, last = 'done', selected, onSelect, label = 'Flow', handle }: Props) {
  const places = useMemo(() => placesOf(flow, catalogue).places, [flow, catalogue]);
  const { marks, lit } = useMemo(() => (path ? litPath(flow, path, last) : { marks: undefined, lit: undefined }), [flow, path, last]);
  const selection = useMemo(() => new Set(selected === undefined ? [] : [selected]), [selected]);
  return (
    <FlowCanvas
      flow={flow}
      catalogue={catalogue}
      places={places}
      marks={marks}
      lit={lit}
      selection={selection}
      readOnly
      smallest={0.2}
      label={label}
      onSelect={(ids) => onSelect?.([...ids].at(-1))}
      {...(handle && { handle })}
    />
  );
}

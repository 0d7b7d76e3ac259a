import './designer.css';
import { Plus } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useNavigate } from 'react-router';
import type { FlowDetail, JsonObject } from '../../api/types';
import type { CanvasHandle } from '../../canvas/FlowCanvas';
import { KindIcon } from '../../canvas/kinds';
import { Button, PickDialog } from '../../ui';
import { AskedDialog } from './AskedDialog';
import { command, type Here } from './commands';
import { picksOf } from './palette';
import { give, HereContext } from './useCommands';
import { ConflictDialog } from './ConflictDialog';
import { ConnectDialog } from './ConnectDialog';
import { DiscardDialog } from './DiscardDialog';
import type { DraftSaver } from './draftSaver';
import { Inspector } from './Inspector';
import { focusPart, useKeys } from './keys';
import { useKnown } from './known';
import { Palette } from './Palette';
import { ProblemsPanel } from './ProblemsPanel';
import { PublishDialog } from './PublishDialog';
import { ScreensArea } from './ScreensArea';
import { SettingsDialog } from './SettingsDialog';
import { ShortcutsDialog } from './ShortcutsDialog';
import { Stage } from './Stage';
import { add, arrange, useDesigner, useDesignerStore, type AddSpot } from './store';
import { TopBar } from './TopBar';
import { TryPanel } from './TryPanel';
import { WhatIfPanel } from './WhatIfPanel';

/** The designer of one flow: bar, palette, canvas or screens, inspector or try. */
export function Designer({ detail, saver, base }: { detail: FlowDetail; saver: DraftSaver; base: JsonObject }) {
  const store = useDesignerStore();
  const readOnly = useDesigner((state) => state.readOnly);
  const area = useDesigner((state) => state.area);
  const side = useDesigner((state) => state.side);
  const isSideOpen = useDesigner((state) => state.isSideOpen);
  const showProblems = useDesigner((state) => state.showProblems);
  const announcement = useDesigner((state) => state.announcement);
  const canvas = useRef<CanvasHandle>(null);
  // An activity that was just added is on the canvas a moment later.
  const focus = useCallback((id: string) => void setTimeout(() => canvas.current?.focus(id), 60), []);
  // Where everything was is no place to look any more.
  const arrangeAll = useCallback(() => {
    arrange(store);
    setTimeout(() => canvas.current?.fit(), 60);
  }, [store]);
  const navigate = useNavigate();
  const here = useMemo(
    (): Here => ({
      store,
      get canvas() {
        return canvas.current;
      },
      go: {
        arrange: arrangeAll,
        save: () => void saver.flush(),
        versions: () => void navigate(`/flows/${encodeURIComponent(detail.id)}/versions`),
        part: (by) => focusPart(store, canvas.current, by),
      },
    }),
    [store, arrangeAll, saver, navigate, detail.id],
  );
  useKeys(here);
  // The inspector takes room from the canvas: what was chosen stays in sight.
  useEffect(() => {
    const [chosen] = store.getState().selection;
    if (isSideOpen && chosen) requestAnimationFrame(() => canvas.current?.reveal(chosen));
  }, [store, isSideOpen]);

  return (
    <HereContext value={here}>
      <div
        className="designer"
        data-area={area}
        data-side={area === 'screens' && side === 'inspector' ? undefined : isSideOpen ? side : undefined}
      >
        <TopBar detail={detail} onSave={() => saver.flush()} />
        {area === 'flow' && !readOnly && <Palette onAdded={focus} />}
        <div className="stage" data-region={area === 'flow' ? 'canvas' : undefined}>
          {area === 'flow' ? <Stage handle={canvas} /> : <ScreensArea />}
          {area === 'flow' && !readOnly && (
            <Button kind="primary" className="add-floating" icon={<Plus />} onClick={() => give(here, 'add')}>
              {command('add').short}
            </Button>
          )}
          {area === 'flow' && !isSideOpen && (
            <Button className="side-floating" onClick={() => store.getState().set({ isSideOpen: true })}>
              Inspector
            </Button>
          )}
          {showProblems && <ProblemsPanel onShow={focus} />}
        </div>
        {side === 'try' && isSideOpen ? (
          <aside className="side" aria-label="Try" data-region="side">
            <TryPanel />
          </aside>
        ) : side === 'whatIf' && isSideOpen ? (
          <aside className="side" aria-label="What if" data-region="side">
            <WhatIfPanel />
          </aside>
        ) : area === 'flow' && isSideOpen ? (
          <aside className="side" aria-label="Inspector" data-region="side">
            <Inspector />
          </aside>
        ) : null}
        <div className="visually-hidden" role="status" aria-live="polite">
          {announcement}
        </div>
        <AskedDialog focus={focus} />
        <Dialogs detail={detail} saver={saver} base={base} focus={focus} here={here} />
      </div>
    </HereContext>
  );
}

const addTitle = (spot: AddSpot | undefined, selection: ReadonlySet<string>): string =>
  spot?.on
    ? `Add an activity at ${spot.on.port} of ${spot.on.source}`
    : spot
      ? 'Add an activity here'
      : selection.size === 1
        ? `Add an activity after ${[...selection][0]}`
        : 'Add an activity';

function Dialogs({
  detail,
  saver,
  base,
  focus,
  here,
}: {
  detail: FlowDetail;
  saver: DraftSaver;
  base: JsonObject;
  focus: (id: string) => void;
  here: Here;
}) {
  const store = useDesignerStore();
  const navigate = useNavigate();
  const known = useKnown();
  const dialog = useDesigner((state) => state.dialog);
  const save = useDesigner((state) => state.save);
  const selection = useDesigner((state) => state.selection);
  const spot = useDesigner((state) => state.spot);
  const catalogue = useDesigner((state) => state.catalogue);
  const close = useCallback(() => {
    store.getState().set({ dialog: undefined, spot: undefined });
    const [chosen] = store.getState().selection;
    if (chosen && store.getState().area === 'flow') focus(chosen);
  }, [store, focus]);
  const picks = useMemo(
    () => (dialog === 'commands' ? picksOf(here, known, { to: (path) => void navigate(path), focus }) : []),
    [dialog, here, known, focus, navigate],
  );

  if (save.kind === 'conflict') return <ConflictDialog id={detail.id} theirs={save.theirs} base={base} saver={saver} />;
  switch (dialog) {
    case 'publish':
      return <PublishDialog detail={detail} saver={saver} onClose={close} />;
    case 'settings':
      return <SettingsDialog onClose={close} />;
    case 'shortcuts':
      return <ShortcutsDialog onClose={close} />;
    case 'discard':
      return <DiscardDialog detail={detail} saver={saver} onClose={close} />;
    case 'connect':
      return selection.size === 1 ? <ConnectDialog source={[...selection][0]!} onClose={close} /> : null;
    case 'add':
      return (
        <PickDialog
          title={addTitle(spot, selection)}
          placeholder="Search activities"
          choices={known.types.map((type) => ({
            key: type.type,
            label: type.type,
            description: type.description,
            group: type.category,
            icon: <KindIcon type={type.type} size={14} />,
          }))}
          onPick={({ key }) => {
            store.getState().set({ dialog: undefined });
            focus(add(store, catalogue.types.get(key)!, { catalogue, connectors: known.connectors }, spot));
          }}
          onClose={close}
        />
      );
    case 'commands':
      return (
        <PickDialog
          title="Commands"
          placeholder="Search commands, activities, settings and screens"
          choices={picks.map((pick, index) => ({
            key: String(index),
            label: pick.label,
            group: pick.group,
            ...(pick.text !== undefined && { text: pick.text }),
            ...(pick.shortcut && { aside: <kbd>{pick.shortcut}</kbd> }),
          }))}
          onPick={({ key }) => {
            store.getState().set({ dialog: undefined });
            picks[Number(key)]?.run();
          }}
          onClose={close}
        />
      );
    default:
      return null;
  }
}

import {
  ArrowLeft,
  ChartColumn,
  Check,
  CircleAlert,
  CircleCheck,
  CloudOff,
  Command,
  Download,
  Ellipsis,
  ExternalLink,
  History,
  Keyboard,
  LayoutDashboard,
  Play,
  Redo2,
  RefreshCw,
  Rocket,
  Settings,
  TriangleAlert,
  Undo2,
  Unplug,
  X,
} from 'lucide-react';
import { useNavigate } from 'react-router';
import { root } from '../../api/root';
import type { FlowDetail } from '../../api/types';
import { text } from '../../graph/json';
import { Badge, Button, IconButton, Menu, Segmented, toastError } from '../../ui';
import { exportFlow } from '../files';
import { periods } from './numbers';
import { entryOf, give, useHere } from './useCommands';
import { openScreen, useDesigner, useDesignerStore, type Area } from './store';

/** What the flow is called, how it stands, and what can be done with it. */
export function TopBar({ detail, onSave }: { detail: FlowDetail; onSave: () => Promise<void> }) {
  const here = useHere();
  const store = useDesignerStore();
  const navigate = useNavigate();
  const flow = useDesigner((state) => state.flow);
  const readOnly = useDesigner((state) => state.readOnly);
  const area = useDesigner((state) => state.area);
  const side = useDesigner((state) => state.side);
  const past = useDesigner((state) => state.history.past.at(-1)?.label);
  const future = useDesigner((state) => state.history.future[0]?.label);
  const since = useDesigner((state) => state.since);
  const set = store.getState().set;
  // A published flow that asks a person something has a page of its own.
  const hasPage = Array.isArray(detail.published?.definition['screens']) && detail.published.definition['screens'].length > 0;
  // A flow that was only opened has no draft, wherever its activities were put to be seen.
  const save = useDesigner((state) => state.save.kind);
  const differs = detail.published !== null && (detail.draft !== null || save !== 'saved');
  const go = (to: string) => void navigate(to);
  const exported = (format: 'flow' | 'elsa') => {
    onSave()
      .then(() =>
        exportFlow(detail.id, format, detail.draft || store.getState().save.kind !== 'saved' || !detail.published ? 'draft' : undefined),
      )
      .catch(toastError);
  };

  return (
    <header className="topbar">
      <IconButton label="Back to the flows" icon={<ArrowLeft size={17} />} onClick={() => go('/flows')} />
      <div className="topbar-title">
        <h1 title={text(flow['name']) || detail.id}>{text(flow['name']) || detail.id}</h1>
        <div className="topbar-state">
          <Badge tone={detail.published ? (differs ? 'info' : 'success') : undefined!}>
            {detail.published ? `${differs ? 'Draft after' : 'Published'} v${detail.published.version}` : 'Not published'}
          </Badge>
          {readOnly ? <span className="muted">View only</span> : <SaveStatus />}
        </div>
      </div>

      <Segmented
        aria-label="Show"
        options={[
          { value: 'flow', label: 'Flow' },
          { value: 'screens', label: 'Screens' },
        ]}
        value={area}
        onChange={(value) => (value === 'screens' ? openScreen(store, store.getState().screenId) : set({ area: value as Area }))}
      />
      <span className="spacer" />

      {!readOnly && (
        <div className="topbar-group">
          <IconButton
            label={past ? `Undo: ${past}` : 'Undo'}
            icon={<Undo2 size={16} />}
            disabled={!past}
            onClick={() => give(here, 'undo')}
          />
          <IconButton
            label={future ? `Redo: ${future}` : 'Redo'}
            icon={<Redo2 size={16} />}
            disabled={!future}
            onClick={() => give(here, 'redo')}
          />
          <IconButton label="Arrange" icon={<LayoutDashboard size={16} />} onClick={() => here.go.arrange()} />
        </div>
      )}
      {detail.published && (
        <Menu
          label="Numbers at the outcomes"
          trigger={
            <IconButton
              label={`Numbers: ${periods.find((one) => one.value === since)?.label ?? 'none'}`}
              icon={<ChartColumn size={16} />}
            />
          }
          entries={[
            ...periods.map(({ value, label }) => ({
              label,
              ...(value === since && { icon: <Check /> }),
              onSelect: () => set({ since: value }),
            })),
            null,
            { label: 'No numbers', ...(since === undefined && { icon: <Check /> }), onSelect: () => set({ since: undefined }) },
          ]}
        />
      )}
      <ProblemsButton />
      {!readOnly && (
        <Button
          className="topbar-button"
          icon={<Play />}
          aria-pressed={side === 'try'}
          onClick={() => set(side === 'try' ? { side: 'inspector', tryPath: undefined } : { side: 'try', isSideOpen: true })}
        >
          <span className="topbar-word">Try</span>
        </Button>
      )}
      {!readOnly && (
        <Button
          className="topbar-button"
          icon={<Unplug />}
          aria-pressed={side === 'whatIf'}
          onClick={() => set(side === 'whatIf' ? { side: 'inspector', tryPath: undefined } : { side: 'whatIf', isSideOpen: true })}
        >
          <span className="topbar-word">What if</span>
        </Button>
      )}
      {!readOnly && (
        <Button kind="primary" icon={<Rocket />} onClick={() => give(here, 'publish')}>
          Publish
        </Button>
      )}
      <Menu
        trigger={<IconButton label="More" icon={<Ellipsis size={17} />} />}
        entries={[
          entryOf(here, 'settings', <Settings />),
          ...(hasPage
            ? [
                {
                  label: 'Open the sign-in page',
                  icon: <ExternalLink />,
                  onSelect: () => void window.open(`${root}/login/${encodeURIComponent(detail.id)}`, '_blank', 'noopener'),
                },
              ]
            : []),
          entryOf(here, 'versions', <History />),
          null,
          { label: 'Export as flow file', icon: <Download />, onSelect: () => exported('flow') },
          { label: 'Export for Elsa', icon: <Download />, onSelect: () => exported('elsa') },
          null,
          entryOf(here, 'commands', <Command />),
          entryOf(here, 'help', <Keyboard />),
          ...(readOnly || !detail.published
            ? []
            : [null, { label: 'Discard the draft', icon: <X />, tone: 'danger' as const, onSelect: () => set({ dialog: 'discard' }) }]),
        ]}
      />
    </header>
  );
}

/** Whether everything is saved, said aloud only when it is not. */
function SaveStatus() {
  const save = useDesigner((state) => state.save);
  const [icon, words, title] = {
    saved: [<CircleCheck key="i" size={13} />, 'Saved', 'Every change is saved in the draft'],
    unsaved: [<RefreshCw key="i" size={13} />, 'Saving…', ''],
    saving: [<RefreshCw key="i" size={13} />, 'Saving…', ''],
    failing: [<CloudOff key="i" size={13} />, 'Not saved yet', save.kind === 'failing' ? save.message : ''],
    conflict: [<TriangleAlert key="i" size={13} />, 'Changed by somebody else', 'Choose which changes to keep'],
  }[save.kind] as [React.ReactNode, string, string];
  return (
    <span className="save-state" data-kind={save.kind} role="status" title={title}>
      {icon} {words}
    </span>
  );
}

function ProblemsButton() {
  const store = useDesignerStore();
  const problems = useDesigner((state) => state.problems);
  const isChecked = useDesigner((state) => state.isChecked);
  const isOpen = useDesigner((state) => state.showProblems);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const label =
    problems.length === 0 ? (isChecked ? 'No problems' : 'Checking…') : problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return (
    <Button
      className="problems-button topbar-button"
      data-tone={errors ? 'danger' : problems.length ? 'warning' : undefined}
      icon={errors ? <CircleAlert /> : problems.length ? <TriangleAlert /> : <CircleCheck />}
      aria-expanded={isOpen}
      onClick={() => store.getState().set({ showProblems: !isOpen })}
    >
      <span className="topbar-word">{label}</span>
      <span className="topbar-count" aria-hidden="true">
        {problems.length || ''}
      </span>
    </Button>
  );
}

import { Link } from 'react-router';
import { segmentText } from '../../graph/contextPath';
import { pathOfNamed, type Use } from '../../graph/names';
import { spokenSetting } from '../../graph/changes';
import { Button, Dialog } from '../../ui';
import { applyRename, followInCallers, showPlace } from './renames';
import { useDesigner, useDesignerStore } from './store';

/** Asks before something that others name is renamed or taken away: who they are, each a link to its place. */
export function AskedDialog({ focus }: { focus: (activity: string) => void }) {
  const store = useDesignerStore();
  const asked = useDesigner((state) => state.asked);
  const flow = useDesigner((state) => state.flow);
  const catalogue = useDesigner((state) => state.catalogue);
  if (!asked) return null;
  const close = () => store.getState().set({ asked: undefined });
  const show = (use: Use) => {
    store.getState().set({ asked: undefined, dialog: undefined });
    showPlace(store, use, focus);
  };

  switch (asked.kind) {
    case 'rename': {
      const path = pathOfNamed(flow, asked.named, catalogue) ?? [];
      const old = path.map(segmentText).join('').slice(1);
      const take = (everywhere: boolean) => {
        close();
        applyRename(store, asked.named, asked.to, everywhere);
      };
      return (
        <Dialog open onClose={close} title={`Rename ${old}`} description={<>{asked.others.join(', ')} {asked.others.length === 1 ? 'writes' : 'write'} <code>{old}</code> too.</>} actions={
          <>
            <Button onClick={close}>Cancel</Button>
            <Button onClick={() => take(false)}>Only here</Button>
            <Button kind="primary" onClick={() => take(true)}>Everywhere</Button>
          </>
        }>
          <p>Everywhere: {asked.others.length === 1 ? 'it is' : 'they are'} renamed too, and so is every place that reads it. Only here: what reads <code>{old}</code> gets what {asked.others.length === 1 ? 'the other one writes' : 'the others write'}.</p>
        </Dialog>
      );
    }
    case 'remove':
      return (
        <Dialog open onClose={close} title={`Remove ${asked.what}?`} description={asked.uses.length === 1 ? 'One place reads what would be gone, and would find nothing:' : `${asked.uses.length} places read what would be gone, and would find nothing:`} actions={
          <>
            <Button onClick={close}>Keep it</Button>
            <Button kind="danger" onClick={() => { close(); asked.go(); }}>Remove all the same</Button>
          </>
        }>
          <UseList uses={asked.uses} onShow={show} />
        </Dialog>
      );
    default:
      return (
        <Dialog open onClose={close} title="Other flows name it" description={<>{asked.callers.map((caller) => caller.id).join(', ')} {asked.callers.length === 1 ? 'calls' : 'call'} this flow and {asked.callers.length === 1 ? 'says' : 'say'} <code>{asked.shared.name}</code>.</>} actions={
          <>
            <Button onClick={close}>Only here</Button>
            <Button kind="primary" onClick={() => { close(); void followInCallers(store, asked); }}>Also in {asked.callers.length === 1 ? 'its draft' : 'their drafts'}</Button>
          </>
        }>
          {asked.callers.map((caller) => (
            <section key={caller.id} aria-label={caller.id}>
              <h3><Link to={`/flows/${encodeURIComponent(caller.id)}`}>{caller.id}</Link></h3>
              <UseList uses={caller.uses} />
            </section>
          ))}
        </Dialog>
      );
  }
}

function UseList({ uses, onShow }: { uses: readonly Use[]; onShow?: (use: Use) => void }) {
  return (
    <ul className="use-list" aria-label="Uses">
      {uses.map((use, index) => {
        const place = use.activity ?? (use.screen ? `screen ${use.screen}` : 'flow');
        const where = [place, use.port !== undefined ? use.port : spokenSetting(use.setting)].filter(Boolean).join(' · ');
        return (
          <li key={index}>
            {onShow ? <button type="button" className="link-button" onClick={() => onShow(use)}>{where}</button> : where} <code>{use.path}</code>
          </li>
        );
      })}
    </ul>
  );
}

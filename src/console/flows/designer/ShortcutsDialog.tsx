import { Button, Dialog, Shortcuts } from '../../ui';
import { shortcuts } from './commands';

const keys = shortcuts();

export const ShortcutsDialog = ({ onClose }: { onClose: () => void }) => (
  <Dialog
    open
    onClose={onClose}
    size="large"
    title="Keyboard shortcuts"
    description="On a Mac, Command stands for Ctrl."
    actions={<Button onClick={onClose}>Close</Button>}
  >
    <Shortcuts keys={keys} />
  </Dialog>
);

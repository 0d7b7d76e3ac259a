import { Button, Dialog, Shortcuts } from '../../ui';

const keys: [string, [string, string][]][] = [
  [
    'On the canvas',
    [
      ['Tab, Shift Tab', 'Next and previous activity'],
      ['← → ↑ ↓', 'Along connections, or to the nearest activity'],
      ['Enter', 'Go to the settings of the activity'],
      ['Space', 'Choose, or choose one more'],
      ['A', 'Add an activity after the chosen one'],
      ['C', 'Connect an outcome of the chosen activity'],
      ['Alt ← → ↑ ↓', 'Move what is chosen'],
      ['Delete', 'Remove what is chosen'],
      ['1', 'Show everything'],
    ],
  ],
  [
    'Everywhere in the designer',
    [
      ['Ctrl K', 'All commands, every activity, and what stands in settings and screens'],
      ['Ctrl Z, Ctrl Y', 'Undo, redo'],
      ['Ctrl C, Ctrl X, Ctrl V', 'Copy, cut, paste activities, also between flows'],
      ['Ctrl D', 'Duplicate'],
      ['Ctrl A', 'Choose everything'],
      ['Ctrl S', 'Save now'],
      ['F6, Shift F6', 'Next and previous part: palette, canvas, inspector'],
      ['Escape', 'Back to the canvas; choose nothing'],
      ['?', 'This list'],
    ],
  ],
];

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

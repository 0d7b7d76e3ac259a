export { Button, IconButton } from './Button';
export { Badge, CopyButton, copyText, Empty, Failed, Loading, Notice, When } from './bits';
export { Confirm, Dialog } from './Dialog';
export { Field, Input, Select, Switch, TextArea, type Problem } from './Field';
export { Menu, type MenuEntry } from './Menu';
export { Tabs, type Tab } from './Tabs';
export { toast, toastError, Toasts } from './toast';
export { Tooltip, TooltipProvider } from './Tooltip';

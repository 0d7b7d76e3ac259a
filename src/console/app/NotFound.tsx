import { Compass } from 'lucide-react';
import { Link } from 'react-router';
import { Empty } from '../ui';

export const NotFound = () => (
  <Empty icon={<Compass />} title="There is nothing here" action={<Link to="/flows">To the flows</Link>}>
    The address may be misspelt, or what was here was deleted.
  </Empty>
);

import { Waypoints } from 'lucide-react';
import { Empty } from '../ui';

export const VersionsPage = () => <div className="page"><Empty icon={<Waypoints />} title="Versions" /></div>;

import { Waypoints } from 'lucide-react';
import { Empty } from '../ui';

export const FlowsPage = () => <div className="page"><Empty icon={<Waypoints />} title="Flows" /></div>;

import { Waypoints } from 'lucide-react';
import { Empty } from '../ui';

export const DesignerPage = () => <div className="page"><Empty icon={<Waypoints />} title="Designer" /></div>;

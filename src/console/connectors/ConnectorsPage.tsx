import { PlugZap } from 'lucide-react';
import { Empty } from '../ui';

export const ConnectorsPage = () => <div className="page"><Empty icon={<PlugZap />} title="Connectors" /></div>;

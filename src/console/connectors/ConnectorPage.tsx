import { PlugZap } from 'lucide-react';
import { Empty } from '../ui';

export const ConnectorPage = () => <div className="page"><Empty icon={<PlugZap />} title="Connector" /></div>;

import { ListTree } from 'lucide-react';
import { Empty } from '../ui';

export const RunPage = () => <div className="page"><Empty icon={<ListTree />} title="Run" /></div>;

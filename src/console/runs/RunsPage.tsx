import { ListTree } from 'lucide-react';
import { Empty } from '../ui';

export const RunsPage = () => <div className="page"><Empty icon={<ListTree />} title="Runs" /></div>;

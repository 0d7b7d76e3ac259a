import { ScrollText } from 'lucide-react';
import { Empty } from '../ui';

export const AuditPage = () => <div className="page"><Empty icon={<ScrollText />} title="Audit" /></div>;

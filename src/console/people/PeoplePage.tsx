import { Users } from 'lucide-react';
import { Empty } from '../ui';

export const PeoplePage = () => <div className="page"><Empty icon={<Users />} title="People" /></div>;

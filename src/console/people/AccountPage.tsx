import { UserRound } from 'lucide-react';
import { Empty } from '../ui';

export const AccountPage = () => <div className="page"><Empty icon={<UserRound />} title="Account" /></div>;

import { Search } from 'lucide-react';
import { Input } from './Field';

/** Narrows a list while somebody types. */
export const SearchInput = ({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) => (
  <div className="search-input">
    <Search aria-hidden="true" />
    <Input type="search" aria-label={label} placeholder={label} value={value} onChange={(event) => onChange(event.target.value)} />
  </div>
);

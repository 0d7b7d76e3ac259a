import { RadioGroup as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

interface Props {
  options: { value: string; label: ReactNode }[];
  value: string;
  onChange: (value: string) => void;
  disabled?: boolean;
  id?: string;
  'aria-label'?: string | undefined;
  'aria-labelledby'?: string | undefined;
  'aria-describedby'?: string | undefined;
}

/** One of a few choices, all in sight; arrow keys move between them. */
export function Segmented({ options, value, onChange, disabled = false, ...rest }: Props) {
  return (
    <Radix.Root className="segmented" value={value} onValueChange={onChange} disabled={disabled} orientation="horizontal" {...rest}>
      {options.map((option) => (
        <Radix.Item className="segmented-item" value={option.value} key={option.value}>
          {option.label}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}

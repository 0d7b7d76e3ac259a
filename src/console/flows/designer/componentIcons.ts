import {
  AlignLeft,
  AtSign,
  Hash,
  Image,
  Link2,
  ListChecks,
  Lock,
  Minus,
  Phone,
  SquareCheck,
  SquareMousePointer,
  Star,
  TextCursorInput,
  TriangleAlert,
  Type,
  type LucideIcon,
} from 'lucide-react';
import type { ComponentType } from '../../api/types';

/** The icons that a component can name. */
const icons: Record<string, LucideIcon> = {
  'at-sign': AtSign,
  hash: Hash,
  image: Image,
  'link-2': Link2,
  'list-checks': ListChecks,
  lock: Lock,
  minus: Minus,
  phone: Phone,
  'square-check': SquareCheck,
  'square-mouse-pointer': SquareMousePointer,
  star: Star,
  'text-cursor-input': TextCursorInput,
  'triangle-alert': TriangleAlert,
  type: Type,
};

export const componentIcon = (type: ComponentType | undefined): LucideIcon => icons[type?.icon ?? ''] ?? AlignLeft;

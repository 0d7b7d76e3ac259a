import { create } from 'zustand';

export type Theme = 'system' | 'light' | 'dark';

const key = 'flowengine.theme';

/** The look that the person chose; kept in this browser. */
export const useTheme = create<{ theme: Theme; setTheme: (theme: Theme) => void }>((set) => ({
  theme: (localStorage.getItem(key) as Theme | null) ?? 'system',
  setTheme: (theme) => {
    localStorage.setItem(key, theme);
    apply(theme);
    set({ theme });
  },
}));

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

apply(useTheme.getState().theme);

/** Whether the page is dark now, by choice or by the system; for what cannot be styled by CSS alone. */
export function isDark(): boolean {
  const { theme } = useTheme.getState();
  return theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
}

import { Gauge, LogOut, Moon, PlugZap, Puzzle, ScrollText, Send, Sun, SunMoon, UserRound, Users, Waypoints, ListTree } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Navigate, NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { api, onSignedOut } from '../api/client';
import type { Session } from '../api/types';
import { Button, Failed, Loading, Menu, toastError } from '../ui';
import { useTheme, type Theme } from '../ui/theme';
import { Everywhere } from './Everywhere';
import icon from './icon.svg';
import { SignInAgain } from './SignInAgain';
import { useMay, useSession, useSetSession } from './session';

/** Everything around a page: who is there, where they can go. */
export function Shell() {
  const session = useSession();
  const setSession = useSetSession();
  const navigate = useNavigate();
  const location = useLocation();
  const isAdmin = useMay('admin');
  // While a session that ended is begun again, the page stays as it is, with all that was entered.
  const lastUser = useRef<Session['user']>(null);

  useEffect(() => onSignedOut(() => void session.refetch()), [session.refetch]);

  if (session.isPending) return <Loading />;
  // A server that cannot be reached for a moment takes no page away.
  if (!session.data) return <Failed error={session.error} onRetry={() => void session.refetch()} />;
  const user = session.data.user ?? lastUser.current;
  if (!user)
    return (
      <Navigate to={session.data.setupRequired ? '/setup' : '/signin'} state={{ from: location.pathname + location.search }} replace />
    );

  lastUser.current = user;

  const signOut = async () => {
    try {
      await api.delete('/api/session');
      lastUser.current = null;
      setSession(null);
      await navigate('/signin');
    } catch (error) {
      toastError(error);
    }
  };

  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <nav className="nav" aria-label="Main">
        <NavLink to="/" className="brand" aria-label="FlowEngine, home">
          <img src={icon} alt="" width={26} height={26} />
          <span>FlowEngine</span>
        </NavLink>
        <Item to="/" icon={<Gauge />} text="Overview" />
        <Item to="/flows" icon={<Waypoints />} text="Flows" />
        <Item to="/connectors" icon={<PlugZap />} text="Connectors" />
        <Item to="/runs" icon={<ListTree />} text="Runs" />
        <Item to="/calls" icon={<Send />} text="Calls" />
        {isAdmin && (
          <>
            <div className="nav-line" />
            <Item to="/people" icon={<Users />} text="People" />
            <Item to="/audit" icon={<ScrollText />} text="Audit log" />
            <Item to="/extensions" icon={<Puzzle />} text="Extensions" />
          </>
        )}
        <div className="spacer" />
        <ThemeMenu />
        <Menu
          align="start"
          label={`${user.name}, ${user.role}`}
          trigger={
            <Button kind="quiet" className="nav-item" icon={<UserRound />} aria-label={`Account of ${user.name}`}>
              <span className="nav-text">{user.name}</span>
            </Button>
          }
          entries={[
            { label: 'Password', icon: <UserRound />, onSelect: () => void navigate('/account') },
            null,
            { label: 'Sign out', icon: <LogOut />, onSelect: () => void signOut() },
          ]}
        />
      </nav>
      <main id="main" className="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Everywhere />
      {!session.data.user && (
        <SignInAgain
          name={user.name}
          onSomebodyElse={() => {
            lastUser.current = null;
            setSession(null);
            void navigate('/signin');
          }}
        />
      )}
    </div>
  );
}

function Item({ to, icon: symbol, text }: { to: string; icon: React.ReactNode; text: string }) {
  return (
    <NavLink to={to} end={to === '/'} className="nav-item" title={text}>
      {symbol}
      <span className="nav-text">{text}</span>
    </NavLink>
  );
}

const looks: { theme: Theme; label: string; icon: React.ReactNode }[] = [
  { theme: 'system', label: 'As the system', icon: <SunMoon /> },
  { theme: 'light', label: 'Light', icon: <Sun /> },
  { theme: 'dark', label: 'Dark', icon: <Moon /> },
];

function ThemeMenu() {
  const { theme, setTheme } = useTheme();
  return (
    <Menu
      align="start"
      label="Theme"
      trigger={
        <Button kind="quiet" className="nav-item" icon={looks.find((look) => look.theme === theme)?.icon} aria-label="Theme">
          <span className="nav-text">Theme</span>
        </Button>
      }
      entries={looks.map((look) => ({ label: look.label, icon: look.icon, onSelect: () => setTheme(look.theme) }))}
    />
  );
}

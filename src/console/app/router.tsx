import { createBrowserRouter } from 'react-router';
import { root } from '../api/root';
import { Crash } from './Crash';
import { NotFound } from './NotFound';
import { Setup } from './Setup';
import { Shell } from './Shell';
import { SignIn } from './SignIn';

// Each part of the console is a chunk of its own, loaded when somebody goes there.
export const router = createBrowserRouter(
  [
    { path: '/signin', element: <SignIn />, errorElement: <Crash /> },
    { path: '/setup', element: <Setup />, errorElement: <Crash /> },
    {
      element: <Shell />,
      errorElement: <Crash />,
      hydrateFallbackElement: <></>,
      children: [
        { index: true, lazy: async () => ({ Component: (await import('../overview/OverviewPage')).OverviewPage }) },
        { path: 'flows', lazy: async () => ({ Component: (await import('../flows/FlowsPage')).FlowsPage }) },
        { path: 'flows/:id', lazy: async () => ({ Component: (await import('../flows/DesignerPage')).DesignerPage }) },
        { path: 'flows/:id/versions', lazy: async () => ({ Component: (await import('../flows/VersionsPage')).VersionsPage }) },
        { path: 'connectors', lazy: async () => ({ Component: (await import('../connectors/ConnectorsPage')).ConnectorsPage }) },
        // Ids never begin with a dash.
        { path: 'connectors/-new', lazy: async () => ({ Component: (await import('../connectors/NewConnectorPage')).NewConnectorPage }) },
        { path: 'connectors/:id', lazy: async () => ({ Component: (await import('../connectors/ConnectorPage')).ConnectorPage }) },
        { path: 'runs', lazy: async () => ({ Component: (await import('../runs/RunsPage')).RunsPage }) },
        { path: 'runs/:id', lazy: async () => ({ Component: (await import('../runs/RunPage')).RunPage }) },
        { path: 'calls', lazy: async () => ({ Component: (await import('../calls/CallsPage')).CallsPage }) },
        { path: 'people', lazy: async () => ({ Component: (await import('../people/PeoplePage')).PeoplePage }) },
        { path: 'audit', lazy: async () => ({ Component: (await import('../people/AuditPage')).AuditPage }) },
        { path: 'extensions', lazy: async () => ({ Component: (await import('../extensions/ExtensionsPage')).ExtensionsPage }) },
        { path: 'account', lazy: async () => ({ Component: (await import('../people/AccountPage')).AccountPage }) },
        { path: '*', element: <NotFound /> },
      ],
    },
  ],
  { basename: `${root}/console` },
);

/**
 * What stands around every screen: names of the others, beside it on a desktop and below it on a phone.
 *
 *     routes ─▶ navigation │ the screen of this address
 *
 * @module
 */
import { ActionIcon, AppShell, Drawer, Group, NavLink, Stack, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDots, IconKeyboard, IconSearch } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Link, Route, Router, Switch, useLocation } from 'wouter'
import { WriteAnywhere } from '../components/composer/write-anywhere.tsx'
import { KeepHome } from '../screens/home/keep-home.tsx'
import { useWords } from '../words/use-words.ts'
import { pendingInvite, subscribeInvite } from './invite-place.ts'
import { NotFound } from './not-found.tsx'
import { Notices } from './notices.tsx'
import { routes, type ScreenRoute } from './routes.tsx'
import { ScreenFault } from './screen-fault.tsx'
import classes from './shell.module.css'
import { useShortcut } from './shortcuts.ts'
import { Starting } from './starting.tsx'
import { words } from './words.ts'

/** What is not needed at once is loaded when it is asked for. */
const CommandPalette = lazy(async () => ({ default: (await import('./command-palette.tsx')).CommandPalette }))
const KeysSheet = lazy(async () => ({ default: (await import('./keys-sheet.tsx')).KeysSheet }))
const JoinInvite = lazy(async () => ({ default: (await import('./join-invite/join-invite.tsx')).JoinInvite }))

const main = routes.filter(({ place }) => place === 'main')
const more = routes.filter(({ place }) => place === 'more')

export function Shell(): ReactNode {
  return (
    <Router>
      <Framed />
    </Router>
  )
}

function Framed(): ReactNode {
  const t = useWords(words)
  const [isMenuOpen, menu] = useDisclosure(false)
  const [overlay, setOverlay] = useState<'keys' | 'palette' | null>(null)
  const openKeys = (): void => setOverlay('keys')
  const openPalette = (): void => setOverlay('palette')
  const closeOverlay = (): void => setOverlay(null)
  const invite = useSyncExternalStore(subscribeInvite, pendingInvite)
  useShortcut('Mod+k', t('doPalette'), openPalette)
  useShortcut('?', t('doKeys'), openKeys)
  return (
    <AppShell
      padding={0}
      navbar={{ width: 260, breakpoint: 'sm', collapsed: { mobile: true } }}
      footer={{ height: { base: 'calc(3.75rem + env(safe-area-inset-bottom))', sm: 0 } }}
      className={classes.shell ?? ''}
    >
      <a className={classes.skip} href="#screen">
        {t('skip')}
      </a>
      <AppShell.Navbar p="md" className={classes.navbar ?? ''} aria-label={t('menu')}>
        <Group justify="space-between" mb="md" wrap="nowrap">
          <Text component="span" className={classes.name ?? ''}>
            {t('name')}
          </Text>
          <Group gap={0} wrap="nowrap">
            <ActionIcon aria-label={t('palette')} onClick={openPalette}>
              <IconSearch size={20} />
            </ActionIcon>
            <ActionIcon aria-label={t('keys')} onClick={openKeys}>
              <IconKeyboard size={20} />
            </ActionIcon>
          </Group>
        </Group>
        <Stack gap={2}>
          {[...main, ...more].map((route) => (
            <NavEntry key={route.path} route={route} />
          ))}
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main className={classes.main ?? ''}>
        <Notices />
        <Suspense fallback={null}>{invite !== null && <JoinInvite key={invite} code={invite} />}</Suspense>
        <CurrentScreen />
        <WriteAnywhere />
        <KeepHome />
      </AppShell.Main>
      <AppShell.Footer hiddenFrom="sm" className={classes.footer ?? ''}>
        <nav className={classes.bar} aria-label={t('menu')}>
          {main.slice(0, 4).map((route) => (
            <BarEntry key={route.path} route={route} />
          ))}
          <UnstyledButton className={classes.entry ?? ''} onClick={menu.open} aria-haspopup="dialog">
            <IconDots size={24} stroke={1.6} />
            <span>{t('more')}</span>
          </UnstyledButton>
        </nav>
      </AppShell.Footer>
      <Drawer opened={isMenuOpen} onClose={menu.close} position="bottom" title={t('more')}>
        <Stack gap={2} onClick={menu.close}>
          {[...main.slice(4), ...more].map((route) => (
            <NavEntry key={route.path} route={route} />
          ))}
        </Stack>
      </Drawer>
      <Suspense fallback={null}>
        {overlay === 'palette' && <CommandPalette close={closeOverlay} />}
        {overlay === 'keys' && <KeysSheet close={closeOverlay} />}
      </Suspense>
    </AppShell>
  )
}

function useIsHere(path: string): boolean {
  const [location] = useLocation()
  return path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`)
}

function NavEntry({ route }: { readonly route: ScreenRoute }): ReactNode {
  const t = useWords(words)
  const isHere = useIsHere(route.path)
  const { icon: Icon, badge: Badge } = route
  return (
    <NavLink
      component={Link}
      href={route.path}
      active={isHere}
      aria-current={isHere ? 'page' : undefined}
      label={t(route.title)}
      leftSection={<Icon size={22} stroke={1.6} />}
      rightSection={Badge === undefined ? undefined : <Badge />}
      className={classes.link ?? ''}
    />
  )
}

function BarEntry({ route }: { readonly route: ScreenRoute }): ReactNode {
  const t = useWords(words)
  const isHere = useIsHere(route.path)
  const { icon: Icon, badge: Badge } = route
  return (
    <Link href={route.path} className={classes.entry} aria-current={isHere ? 'page' : undefined}>
      <span className={classes.icon}>
        <Icon size={24} stroke={1.6} />
        {Badge === undefined ? null : (
          <span className={classes.badge}>
            <Badge />
          </span>
        )}
      </span>
      <span>{t(route.title)}</span>
    </Link>
  )
}

/** What the browser calls this page, in tabs and in its history. */
function Titled({ title }: Pick<ScreenRoute, 'title'>): ReactNode {
  const t = useWords(words)
  const said = `${t(title)} · ${t('name')}`
  useEffect(() => {
    document.title = said
  }, [said])
  return null
}

/** Where focus and reading go on after each step through the app. */
function CurrentScreen(): ReactNode {
  const [location] = useLocation()
  const screen = useRef<HTMLDivElement>(null)
  const before = useRef(location)
  useEffect(() => {
    if (before.current === location) return
    before.current = location
    screen.current?.focus({ preventScroll: true })
  }, [location])
  return (
    <div id="screen" ref={screen} tabIndex={-1} className={classes.screen}>
      <ScreenFault key={location}>
        <Suspense fallback={<Starting />}>
          <Switch>
            {routes.map(({ path, title, screen: Screen }) => (
              <Route key={path} path={path}>
                <Titled title={title} />
                <Screen />
              </Route>
            ))}
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Suspense>
      </ScreenFault>
    </div>
  )
}

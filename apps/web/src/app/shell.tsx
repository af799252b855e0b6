/**
 * What stands around every screen: names of the others, beside it on a desktop and below it on a phone.
 *
 *     routes ─▶ navigation │ the screen of this address
 *
 * @module
 */
import { ActionIcon, Group, Text, UnstyledButton } from '@mantine/core'
import { IconDots, IconKeyboard, IconSearch } from '@tabler/icons-react'
import { type ReactNode, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Link, Route, Router, Switch, useLocation } from 'wouter'
import { WriteAnywhere } from '../components/composer/write-anywhere.tsx'
import { KeepHome } from '../screens/home/keep-home.tsx'
import { useWords } from '../words/use-words.ts'
import { pendingInvite, subscribeInvite } from './invite-place.ts'
import { late, loadSoon } from './late.tsx'
import { NavGroups, useIsHere } from './nav-entry.tsx'
import { NotFound } from './not-found.tsx'
import { Notices } from './notices.tsx'
import { menu, routes, type ScreenRoute } from './routes.tsx'
import { ScreenFault } from './screen-fault.tsx'
import classes from './shell.module.css'
import { useShortcut } from './shortcuts.ts'
import { noteStanding, useIdle, useStanding } from './standing.ts'
import { Starting } from './starting.tsx'
import { words } from './words.ts'

/** What is not needed at once is loaded when it is asked for. */
const CommandPalette = late(async () => (await import('./palette/command-palette.tsx')).CommandPalette)
const MoreMenu = late(async () => (await import('./more-menu.tsx')).MoreMenu)
const KeysSheet = late(async () => (await import('./keys-sheet.tsx')).KeysSheet)
const LeadLaunched = late(async () => (await import('./lead-launched.tsx')).LeadLaunched)
const JoinInvite = late(async () => (await import('./join-invite/join-invite.tsx')).JoinInvite)

const main = routes.filter(({ place }) => place === 'main')
const near = routes.filter(({ place, isNear }) => place === 'main' || isNear === true)

export function Shell(): ReactNode {
  return (
    <Router>
      <Framed />
    </Router>
  )
}

function Framed(): ReactNode {
  const t = useWords(words)
  const [, go] = useLocation()
  const [overlay, setOverlay] = useState<'keys' | 'menu' | 'palette' | null>(null)
  const openKeys = (): void => setOverlay('keys')
  const openMenu = (): void => setOverlay('menu')
  const openPalette = (): void => setOverlay('palette')
  const closeOverlay = (): void => setOverlay(null)
  // What was chosen in it may have opened another one.
  const closePalette = (): void => setOverlay((now) => (now === 'palette' ? null : now))
  const invite = useSyncExternalStore(subscribeInvite, pendingInvite)
  const isIdle = useIdle(useStanding())
  useEffect(() => {
    if (isIdle) loadSoon(near.map(({ screen }) => screen))
  }, [isIdle])
  useShortcut('Mod+k', t('doPalette'), openPalette)
  useShortcut('?', t('doKeys'), openKeys)
  useShortcut('/', t('navSearch'), () => go('/search'))
  useShortcut('g h', t('navHome'), () => go('/'))
  useShortcut('g m', t('navTalks'), () => go('/talks'))
  useShortcut('g p', t('navPeople'), () => go('/people'))
  useShortcut('g n', t('navNews'), () => go('/news'))
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#screen">
        {t('skip')}
      </a>
      <nav className={classes.navbar} aria-label={t('menu')}>
        <Group justify="space-between" mb="md" gap={0}>
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
        <NavGroups groups={[main, ...menu]} />
      </nav>
      <main className={classes.main}>
        <Notices />
        <Suspense fallback={null}>{invite !== null && <JoinInvite key={invite} code={invite} />}</Suspense>
        <Suspense fallback={null}>{'launchQueue' in globalThis && <LeadLaunched />}</Suspense>
        <CurrentScreen />
        <WriteAnywhere />
        <KeepHome />
      </main>
      <footer className={classes.footer}>
        <nav className={classes.bar} aria-label={t('menu')}>
          {main.map((route) => (
            <BarEntry key={route.path} route={route} />
          ))}
          <UnstyledButton className={classes.entry ?? ''} onClick={openMenu} aria-haspopup="dialog">
            <IconDots size={24} stroke={1.6} />
            <span>{t('more')}</span>
          </UnstyledButton>
        </nav>
      </footer>
      <Suspense fallback={null}>
        {overlay === 'palette' && <CommandPalette close={closePalette} openKeys={openKeys} />}
        {overlay === 'keys' && <KeysSheet close={closeOverlay} />}
        {overlay === 'menu' && <MoreMenu close={closeOverlay} />}
      </Suspense>
    </div>
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
function Titled({ title, path }: Pick<ScreenRoute, 'path' | 'title'>): ReactNode {
  const t = useWords(words)
  const said = `${t(title)} · ${t('name')}`
  useEffect(() => {
    document.title = said
  }, [said])
  // Home says itself when its posts are there.
  useEffect(() => {
    if (path !== '/') noteStanding()
  }, [path])
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
    // A field of the new screen may have it already.
    const { current } = screen
    if (current?.contains(document.activeElement) === false) current.focus({ preventScroll: true })
  }, [location])
  return (
    <div id="screen" ref={screen} tabIndex={-1} className={classes.screen}>
      <ScreenFault key={location}>
        <Suspense fallback={<Starting />}>
          <Switch>
            {routes.map(({ path, title, screen: Screen }) => (
              <Route key={path} path={path}>
                <Titled title={title} path={path} />
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

/**
 * The pages of whoever runs the hub that serves this app. They stand for themselves: no account is needed.
 *
 *     /admin/#SECRET ─a person presses─▶ session, a cookie of this path ─▶ overview, people, reports, …
 *
 * The link is used up by pressing alone: a program that looks at it for a preview presses nothing.
 *
 * @module
 */
import { Alert, Anchor, Button, Group, Loader, Stack, Tabs, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconKey } from '@tabler/icons-react'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './administration.module.css'
import { ask, HubFault, linkSecret } from './ask.ts'
import { Backups } from './backups.tsx'
import { Connections } from './connections.tsx'
import { Invites } from './invites.tsx'
import { Kept } from './kept.tsx'
import { Overview } from './overview.tsx'
import { People } from './people.tsx'
import { Reports } from './reports.tsx'
import { NamesContext, type Session, SessionContext, useAct, useNames } from './use-hub.ts'
import { words } from './words.ts'

type Standing =
  | { readonly type: 'asking' }
  | { readonly type: 'out'; readonly secret: string | null; readonly isOver: boolean }
  | { readonly type: 'in' }
  | { readonly type: 'failed'; readonly error: unknown }

export function Screen(): ReactNode {
  const t = useWords(words)
  const [standing, setStanding] = useState<Standing>(() => {
    const secret = linkSecret(location.hash)
    return secret === null ? { type: 'asking' } : { type: 'out', secret, isOver: false }
  })
  const out = useCallback(() => setStanding({ type: 'out', secret: null, isOver: false }), [])
  useEffect(() => {
    document.title = t('title')
  }, [t])
  // A session from before, in this browser.
  useEffect(() => {
    if (standing.type !== 'asking') return
    const until = new AbortController()
    ask('overview show', {}, until.signal).then(
      () => setStanding({ type: 'in' }),
      (error: unknown) => {
        if (until.signal.aborted) return
        if (error instanceof HubFault && error.code === 'unauthorized') out()
        else setStanding({ type: 'failed', error })
      },
    )
    return () => until.abort()
  }, [standing, out])
  switch (standing.type) {
    case 'asking':
      return (
        <main className={classes.enter}>
          <Loader aria-label={t('loading')} />
        </main>
      )
    case 'failed':
      return (
        <main className={classes.enter}>
          <Fault error={standing.error}>
            <Button variant="default" onClick={() => setStanding({ type: 'asking' })}>
              {t('again')}
            </Button>
          </Fault>
        </main>
      )
    case 'out':
      return <Enter {...standing} change={setStanding} />
    case 'in':
      return <Inside out={out} />
  }
}

interface EnterProps {
  readonly secret: string | null
  readonly isOver: boolean
  readonly change: (standing: Standing) => void
}

function Enter({ secret, isOver, change }: EnterProps): ReactNode {
  const t = useWords(words)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  async function enter(): Promise<void> {
    setBusy(true)
    setError(null)
    try {
      await ask('session', { token: secret }, AbortSignal.timeout(15_000))
      // So that it is in no history and no picture of the screen.
      history.replaceState(history.state, '', location.pathname)
      change({ type: 'in' })
    } catch (reason) {
      if (reason instanceof HubFault && reason.code === 'unauthorized')
        change({ type: 'out', secret: null, isOver: true })
      else setError(reason)
    } finally {
      setBusy(false)
    }
  }

  if (secret === null) {
    return (
      <main className={classes.enter}>
        <Stack>
          <Title order={1} size="h2">
            {t('noLinkTitle')}
          </Title>
          <Text>{isOver ? t('linkOver') : t('noLink')}</Text>
          <code className={classes.command} dir="ltr" translate="no">
            hub admin link
          </code>
          <Anchor href="/">{t('toApp')}</Anchor>
        </Stack>
      </main>
    )
  }
  return (
    <main className={classes.enter}>
      <Stack>
        <Title order={1} size="h2">
          {t('enterTitle')}
        </Title>
        <Alert color="gray" icon={<IconKey />}>
          {t('enter')}
        </Alert>
        {error !== null && <Fault error={error} />}
        <Button onClick={() => void enter()} loading={isBusy} size="lg">
          {t('enterNow')}
        </Button>
        <Anchor href="/">{t('toApp')}</Anchor>
      </Stack>
    </main>
  )
}

const tabs = ['overview', 'people', 'connections', 'reports', 'invites', 'kept', 'backups'] as const
type Tab = (typeof tabs)[number]

function Inside({ out }: { readonly out: () => void }): ReactNode {
  const t = useWords(words)
  const [acts, setActs] = useState(0)
  const [tab, setTab] = useState<Tab>('overview')
  const session = useMemo<Session>(
    () => ({ acts, acted: () => setActs((count) => count + 1), over: out }),
    [acts, out],
  )
  const titles: Readonly<Record<Tab, string>> = {
    overview: t('tabOverview'),
    people: t('tabPeople'),
    connections: t('tabConnections'),
    reports: t('tabReports'),
    invites: t('tabInvites'),
    kept: t('tabKept'),
    backups: t('tabBackups'),
  }
  return (
    <SessionContext value={session}>
      <Named>
        <main className={classes.frame}>
          <Stack>
            <Group justify="space-between">
              <Title order={1} size="h2">
                {t('title')}
              </Title>
              <Group gap="xs">
                <Anchor href="/">{t('toApp')}</Anchor>
                <Leave out={out} />
              </Group>
            </Group>
            <Tabs value={tab} onChange={(next) => setTab((next ?? 'overview') as Tab)} keepMounted={false}>
              <Tabs.List mb="lg">
                {tabs.map((one) => (
                  <Tabs.Tab key={one} value={one}>
                    {titles[one]}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              <Tabs.Panel value="overview">
                <Overview goReports={() => setTab('reports')} goConnections={() => setTab('connections')} />
              </Tabs.Panel>
              <Tabs.Panel value="people">
                <People />
              </Tabs.Panel>
              <Tabs.Panel value="connections">
                <Connections />
              </Tabs.Panel>
              <Tabs.Panel value="reports">
                <Reports />
              </Tabs.Panel>
              <Tabs.Panel value="invites">
                <Invites />
              </Tabs.Panel>
              <Tabs.Panel value="kept">
                <Kept />
              </Tabs.Panel>
              <Tabs.Panel value="backups">
                <Backups />
              </Tabs.Panel>
            </Tabs>
          </Stack>
        </main>
      </Named>
    </SessionContext>
  )
}

function Leave({ out }: { readonly out: () => void }): ReactNode {
  const t = useWords(words)
  const act = useAct()

  async function leave(): Promise<void> {
    if ((await act('session end')) === null) return
    notifications.show({ message: t('left'), role: 'status' })
    out()
  }

  return (
    <Button variant="default" size="sm" onClick={() => void leave()}>
      {t('leave')}
    </Button>
  )
}

function Named({ children }: { readonly children: ReactNode }): ReactNode {
  return <NamesContext value={useNames()}>{children}</NamesContext>
}

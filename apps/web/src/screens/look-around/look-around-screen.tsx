/**
 * A place to look around for who follows nobody yet: the app as it is, over people who were made up.
 *
 *     /look-around ─▶ what it is, the way out │ who is here, what they wrote
 *     /look-around/n/… /p/… /tag/… ─▶ as in the app, with a line above
 *
 * Below its provider and its router nothing reaches the peer of this browser or leads elsewhere.
 *
 * @module
 */
import { type ContentName, parseIdentity, parseRawCid } from '@effigy/core'
import { PeerProvider } from '@effigy/react'
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { IconArrowBackUp, IconMasksTheater, IconUserPlus } from '@tabler/icons-react'
import { type ReactNode, useCallback, useMemo } from 'react'
import { Link, Redirect, Route, Router, Switch } from 'wouter'
import { OnlyLookingContext } from '../../components/note/only-looking.ts'
import { tell } from '../../components/tell.ts'
import { useWords } from '../../words/use-words.ts'
import { createDemoPeer } from './demo-peer.ts'
import classes from './look-around.module.css'
import { type MadeUp, makeUp } from './made-up.ts'
import { OneConversation, OnePerson, OneTag, Timeline } from './places.tsx'
import { words } from './words.ts'

const base = '/look-around'

export function Screen(): ReactNode {
  const t = useWords(words)
  // In another language they say it in that language.
  const made = useMemo(() => makeUp(t, Date.now()), [t])
  const peer = useMemo(() => createDemoPeer(made), [made])
  const refuse = useCallback(() => tell({ message: t('notHere') }), [t])
  return (
    <Switch>
      <Route path={base}>
        <Stack>
          <About />
          <Inside made={made} peer={peer} refuse={refuse} />
          <Next />
        </Stack>
      </Route>
      <Route>
        <Stack gap="sm">
          <Sign />
          <Inside made={made} peer={peer} refuse={refuse} />
        </Stack>
      </Route>
    </Switch>
  )
}

interface InsideProps {
  readonly made: MadeUp
  readonly peer: ReturnType<typeof createDemoPeer>
  /** What would write says so. */
  readonly refuse: () => void
}

function Inside({ made, peer, refuse }: InsideProps): ReactNode {
  return (
    <PeerProvider peer={peer}>
      <OnlyLookingContext value={refuse}>
        <Router base={base}>
          <Switch>
            <Route path="/">
              <Timeline people={[...made.people.keys()]} />
            </Route>
            <Route path="/n/:identity/:content">
              {(params) => {
                const name = nameOf(made, params)
                return name === null ? <Redirect to="/" replace /> : <OneConversation name={name} />
              }}
            </Route>
            <Route path="/p/:identity">
              {(params) => {
                const person = [...made.people.values()].find(({ identity }) => identity === params.identity)
                return person === undefined ? <Redirect to="/" replace /> : <OnePerson person={person} />
              }}
            </Route>
            <Route path="/tag/:label">{({ label }) => <OneTag label={label} />}</Route>
            {/* Nothing else is in here. */}
            <Route>
              <Redirect to="/" replace />
            </Route>
          </Switch>
        </Router>
      </OnlyLookingContext>
    </PeerProvider>
  )
}

/** Null: nobody here said it. Anything else would be asked of the hub. */
function nameOf(
  { items }: MadeUp,
  params: { readonly identity: string; readonly content: string },
): ContentName | null {
  const identity = parseIdentity(params.identity)
  const content = parseRawCid(params.content)
  if (identity === null || content === null) return null
  const isHere = items.some((item) => item.identity === identity && item.content === content)
  return isHere ? { identity, content } : null
}

function About(): ReactNode {
  const t = useWords(words)
  return (
    <Card withBorder className={classes.about ?? ''}>
      <Stack gap="xs">
        <Group wrap="nowrap" gap="xs">
          <IconMasksTheater size={28} stroke={1.5} aria-hidden className={classes.fixed} />
          <Title order={1} size="h3">
            {t('title')}
          </Title>
        </Group>
        <Text>{t('about')}</Text>
        <Group gap="xs" mt={4}>
          <Back />
          <Invite />
        </Group>
      </Stack>
    </Card>
  )
}

/** The same above everything that is opened here. */
function Sign(): ReactNode {
  const t = useWords(words)
  return (
    <div className={classes.sign}>
      <Group gap="xs" wrap="nowrap">
        <IconMasksTheater size={20} stroke={1.6} aria-hidden className={classes.fixed} />
        <Text size="sm">{t('sign')}</Text>
      </Group>
      <Back isSmall />
    </div>
  )
}

function Next(): ReactNode {
  const t = useWords(words)
  return (
    <Card withBorder bg="var(--card)" component="section">
      <Stack align="start" gap="xs">
        <Title order={2} size="h4">
          {t('endTitle')}
        </Title>
        <Text c="var(--soft)">{t('endText')}</Text>
        <Group gap="xs" mt={4}>
          <Invite />
          <Back />
        </Group>
      </Stack>
    </Card>
  )
}

function Back({ isSmall = false }: { readonly isSmall?: boolean }): ReactNode {
  const t = useWords(words)
  return (
    <Button
      component={Link}
      href="/"
      variant={isSmall ? 'subtle' : 'default'}
      size={isSmall ? 'compact-sm' : 'sm'}
      {...(isSmall
        ? {}
        : { leftSection: <IconArrowBackUp size={18} aria-hidden className={classes.arrow} /> })}
    >
      {t('home')}
    </Button>
  )
}

function Invite(): ReactNode {
  const t = useWords(words)
  return (
    <Button component={Link} href="/invite" size="sm" leftSection={<IconUserPlus size={18} aria-hidden />}>
      {t('invite')}
    </Button>
  )
}

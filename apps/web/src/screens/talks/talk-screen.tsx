/**
 * One conversation: what was said, who can read it, and where one writes.
 *
 *     /talks/in/NAME ─▶ people or group │ a stranger who asks      /talks/to/PEOPLE ─▶ nothing said yet
 *
 * @module
 */
import { type Account, type Identity, parseIdentity } from '@effigy/core'
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, Text, Title } from '@mantine/core'
import { IconLock, IconMessageOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, Redirect, useLocation, useParams, useSearchParams } from 'wouter'
import { useHistoryState } from 'wouter/use-browser-location'
import { useOwn } from '../../app/own-identities.ts'
import { Starting } from '../../app/starting.tsx'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { usePerson } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { BackTo } from './back-to.tsx'
import { MessageList } from './message-list.tsx'
import { RequestActs } from './request-card.tsx'
import classes from './talk.module.css'
import { TalkFace } from './talk-face.tsx'
import { TalkName, type TalkNameProps } from './talk-name.tsx'
import { useRead } from './use-read.ts'
import { words } from './words.ts'
import { WriteBox } from './write-box.tsx'

export function Screen(): ReactNode {
  const { name = '', people } = useParams<{ readonly name?: string; readonly people?: string }>()
  return people === undefined ? <Talk key={name} name={name} /> : <NewTalk key={people} people={people} />
}

/** In the history: whoever comes was writing, and goes on. */
const writing = 'writing'

function Talk({ name }: { readonly name: string }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const own = useOwn()
  const talk = useLive('conversations.show', name)
  const group = useLive('groups.show', name.startsWith('g') ? name.slice(1) : '')
  const [parameters] = useSearchParams()
  const isWriting = useHistoryState<unknown>() === writing
  const view = talk.value
  useRead(name, view?.state === 'open' ? view.unread : 0)
  if (talk.type === 'failed') return <Fault error={talk.error} />
  if (talk.type === 'pending' || group.type === 'pending') return <Starting />
  if (view === null && group.value === null) return <NoTalk />
  // It goes by another name since it is known whose device somebody wrote with.
  if (view !== null && view.name !== name) return <Redirect to={`/talks/in/${view.name}`} replace />
  const kind = view?.kind ?? 'group'
  const persons = view?.persons ?? (group.value?.members ?? []).filter(({ isSelf }) => !isSelf)
  const title = group.value?.name ?? view?.title ?? null
  const isShy = view !== null && view.state !== 'open'
  return (
    <div className={classes.talk}>
      <Head name={name} kind={kind} title={title} persons={persons} />
      <MessageList
        name={name}
        own={own}
        isNamed={kind === 'group' || persons.length > 1}
        isShy={isShy}
        at={parameters.get('at')}
      />
      <Foot name={name} persons={persons} asker={view?.asker ?? null} knock={view?.knock ?? null}>
        {group.value?.role === 'former' ? (
          <Text className={classes.note ?? ''}>{t('former')}</Text>
        ) : (
          <WriteBox
            draft={name}
            autoFocus={isWriting}
            send={async (note) => void (await peer.conversations.answer(name, note))}
          />
        )}
      </Foot>
    </div>
  )
}

/** With people to whom nothing was said yet. */
function NewTalk({ people }: { readonly people: string }): ReactNode {
  const peer = usePeer()
  const [, navigate] = useLocation()
  const to: readonly Identity[] =
    people === 'me' ? [] : people.split(',').flatMap((text) => parseIdentity(text) ?? [])
  const { value: name } = useLive('conversations.nameOf', to)
  const talk = useLive('conversations.show', name ?? '')
  if (name === null || talk.type === 'pending') return <Starting />
  if (to.length === 0 && people !== 'me') return <NoTalk />
  if (talk.value !== null) return <Redirect to={`/talks/in/${name}`} replace />
  return (
    <div className={classes.talk}>
      <Head
        name={null}
        kind="people"
        title={null}
        persons={to.map((identity) => ({ identity, root: null }))}
      />
      <div className={classes.scroller} />
      <WriteBox
        draft={name}
        send={async (note) => {
          const { conversation } = await peer.conversations.write(to, note)
          navigate(`/talks/in/${conversation}`, { replace: true, state: writing })
        }}
      />
    </div>
  )
}

function Head({ name, ...talk }: TalkNameProps & { readonly name: string | null }): ReactNode {
  const t = useWords(words)
  return (
    <header className={classes.head}>
      <BackTo href="/talks" label={t('back')}>
        <Group gap="sm" wrap="nowrap" flex={1} miw={0}>
          <TalkFace {...talk} />
          <div style={{ minWidth: 0 }}>
            <Title order={1} size="h4" className={classes.headName ?? ''}>
              <TalkName {...talk} />
            </Title>
            {name !== null && (
              <Link href={`/talks/in/${name}/about`} className={classes.readers}>
                <IconLock size={16} aria-hidden />
                {t('readable')}
              </Link>
            )}
          </div>
        </Group>
      </BackTo>
    </header>
  )
}

interface FootProps {
  readonly name: string
  readonly persons: readonly Account[]
  /** Null: it is open. */
  readonly asker: Account | null
  readonly knock: 'left' | 'not-left' | null
  readonly children: ReactNode
}

function Foot({ name, persons, asker, knock, children }: FootProps): ReactNode {
  const [first] = persons
  if (asker !== null) return <Asks name={name} from={asker} />
  if (first === undefined) return children
  return (
    <>
      {knock !== null && <Knock person={first} isLeft={knock === 'left'} />}
      {children}
    </>
  )
}

function Asks({ name, from }: { readonly name: string; readonly from: Account }): ReactNode {
  const t = useWords(words)
  const person = usePerson(from.identity)
  return (
    <Alert radius={0} color="clay" title={t('askTitle', { name: person.name })}>
      <Text size="sm" mb="sm">
        {t('askText')}
      </Text>
      <RequestActs request={{ name, from, claimedName: null }} />
    </Alert>
  )
}

function Knock({ person, isLeft }: { readonly person: Account; readonly isLeft: boolean }): ReactNode {
  const t = useWords(words)
  const { name } = usePerson(person.identity)
  return (
    <Text className={classes.note ?? ''} role="status">
      {t(isLeft ? 'knockLeft' : 'knockNot', { name })}
    </Text>
  )
}

function NoTalk(): ReactNode {
  const t = useWords(words)
  return (
    <Empty icon={IconMessageOff} title={t('noTalkTitle')} text={t('noTalk')}>
      <Button component={Link} href="/talks" variant="default">
        {t('toMessages')}
      </Button>
    </Empty>
  )
}

/**
 * The first thing that a stranger wrote, and what can be done about it.
 *
 * @module
 */
import type { LiveReads } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { Avatar } from '../../components/avatar.tsx'
import { confirmAct } from '../../components/confirm-act.tsx'
import { useFail } from '../../components/fault.tsx'
import { PersonName } from '../../components/person-name.tsx'
import { RichText } from '../../components/rich-text.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { usePerson } from '../../components/use-person.ts'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import { PeopleList } from './people-list.tsx'
import classes from './talks.module.css'
import { useIgnore } from './use-ignore.tsx'
import { words } from './words.ts'

export type Request = ReturnType<LiveReads['conversations.requests']>[number]

export function RequestCard({ request }: { readonly request: Request }): ReactNode {
  const t = useWords(words)
  const { from, claimedName, text, at, held, state } = request
  return (
    <Card component="article" withBorder bg="var(--card)">
      <Stack gap="sm">
        <Group wrap="nowrap" align="start">
          <Stranger request={request} />
          <div>
            <Text>
              <Link href={`/p/${from.identity}`} className={classes.asks}>
                {claimedName === null ? (
                  <PersonName identity={from.identity} />
                ) : (
                  <bdi data-others>{claimedName}</bdi>
                )}
              </Link>{' '}
              <Text span size="sm" c="var(--soft)">
                <TimeAgo at={at} />
              </Text>
            </Text>
            <Text size="sm" c="var(--soft)">
              <Acquaintance request={request} />
            </Text>
          </div>
        </Group>
        <div className={classes.request}>
          {text === null || text === '' ? (
            <Text c="var(--soft)">{t('noText')}</Text>
          ) : (
            <RichText text={text} />
          )}
        </div>
        {state === 'arriving' ? (
          <Text size="sm">{t('arriving')}</Text>
        ) : (
          <>
            {held > 0 && (
              <Text size="sm" c="var(--soft)">
                {t('held', { count: held })}
              </Text>
            )}
            <RequestActs request={request} />
          </>
        )}
      </Stack>
    </Card>
  )
}

/** With the letters of the name that they give themselves, where nothing else of them is here. */
function Stranger({ request }: { readonly request: Request }): ReactNode {
  const { from, claimedName } = request
  const person = usePerson(from.identity)
  return <Avatar {...person} name={claimedName ?? person.name} size={48} />
}

/** Who that is to this person: whom both know, and who else it was written to. */
function Acquaintance({ request }: { readonly request: Request }): ReactNode {
  const t = useWords(words)
  const { common, persons } = request
  return (
    <>
      {common.length === 0 ? (
        t('noCommon')
      ) : (
        <Rich
          words={words}
          name="common"
          parts={{ people: <PeopleList people={common.map((identity) => ({ identity }))} /> }}
        />
      )}
      {persons.length > 1 && (
        <>
          {' '}
          <PeopleList people={persons} />
        </>
      )}
    </>
  )
}

export function RequestActs({
  request,
}: {
  readonly request: Pick<Request, 'name' | 'from' | 'claimedName'>
}): ReactNode {
  const { name, from, claimedName } = request
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const ignore = useIgnore()
  const [, navigate] = useLocation()
  const known = usePerson(from.identity)
  const person = { name: claimedName ?? known.name }
  const [isBusy, setBusy] = useState(false)
  const isHere = useRef(true)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  /** Who went elsewhere meanwhile stays there. */
  const leave = (to: string): void => {
    if (isHere.current) navigate(to)
  }

  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    try {
      await work()
    } catch (error) {
      fail(error)
    } finally {
      setBusy(false)
    }
  }

  const accept = () =>
    run(async () => {
      await peer.conversations.accept(name)
      // Else it is on its way, and says so here.
      if ((await peer.conversations.show(name)) !== null) leave(`/talks/in/${name}`)
    })

  const block = () =>
    run(async () => {
      const isMeant = await confirmAct({
        title: t('blockTitle', { name: person.name }),
        text: t('blockText'),
        act: t('block'),
      })
      if (!isMeant) return
      await peer.relate('block', from.identity, true)
      notifications.show({ message: t('blocked', { name: person.name }) })
      leave('/talks/requests')
    })

  return (
    <Group gap="xs">
      <Button px="md" onClick={() => void accept()} loading={isBusy} title={t('acceptHelp')}>
        {t('accept')}
      </Button>
      <Button
        px="md"
        variant="default"
        disabled={isBusy}
        onClick={() => void run(() => ignore(name, from.identity))}
      >
        {t('ignore')}
      </Button>
      <Button px="md" variant="subtle" color="red" disabled={isBusy} onClick={() => void block()}>
        {t('block')}
      </Button>
    </Group>
  )
}

/**
 * What was found among posts and in one's own conversations, and where nothing is: whether there is more to look through.
 *
 *     posts ─▶ list, without an end          messages ─▶ the newest few, more where somebody asks
 *
 * @module
 */
import { type Item, useSearch, useSync } from '@effigy/react'
import { Button, Group, Loader, Text } from '@mantine/core'
import { IconSearch, IconZoomExclamation } from '@tabler/icons-react'
import { type ReactNode, useCallback, useState } from 'react'
import { Link } from 'wouter'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { ItemList } from '../../components/list/item-list.tsx'
import { Waiting } from '../../components/list/waiting.tsx'
import { NoteCard } from '../../components/note-card.tsx'
import { useWords } from '../../words/use-words.ts'
import { MessagesFound } from './messages-found.tsx'
import { type LookOn, useLookOn } from './use-look-on.ts'
import { together } from './verdict.ts'
import { words } from './words.ts'

export interface FoundProps {
  /** As the index takes it. */
  readonly query: string
  /** `Item.sort`, ms; null: any time. */
  readonly since: number | null
  /** Under which one's place is kept. */
  readonly name: string
  readonly anyTime: () => void
}

const keyOf = (item: Item): string => item.cid

const pageSize = 50

/** Messages that stand above the posts, and how many more come when somebody asks. */
const firstMessages = 3
const moreMessages = 20

export function Found({ query, since, name, anyTime }: FoundProps): ReactNode {
  const t = useWords(words)
  const span = since === null ? {} : { since }
  const posts = useSearch(query, { pageSize, among: 'posts', ...span })
  const messages = useSearch(query, { pageSize, among: 'messages', ...span })
  const [wanted, setWanted] = useState(firstMessages)
  const behind = useSync().value?.unsearchable ?? 0
  const row = useCallback((item: Item) => <NoteCard item={item} marks={query} />, [query])
  const notes = posts.items.filter(isSaid)
  const inPosts = useLookOn({ list: posts, found: notes.length, wanted: 1, behind })
  const inMessages = useLookOn({ list: messages, found: messages.items.length, wanted, behind })
  const isEmpty = notes.length === 0 && messages.items.length === 0
  const error = posts.error ?? messages.error

  function more(): void {
    setWanted((count) => count + moreMessages)
    inMessages.goOn()
  }

  return (
    <>
      {behind > 0 && (
        <Text size="sm" c="var(--soft)" role="status">
          {t('behind', { count: behind })}
        </Text>
      )}
      {error !== null && <Fault error={error} />}
      {isEmpty && <Nothing looked={[inPosts, inMessages]} anyTime={since === null ? null : anyTime} />}
      {messages.items.length > 0 && (
        <MessagesFound
          items={messages.items.slice(0, wanted)}
          query={query}
          hasMore={messages.hasMore || messages.items.length > wanted}
          isLooking={inMessages.verdict === 'looking'}
          more={more}
        />
      )}
      {notes.length > 0 && messages.items.length === 0 && (
        <Further {...inMessages} label={t('lookOnMessages')} />
      )}
      {notes.length === 0 && messages.items.length > 0 && <Further {...inPosts} label={t('lookOnPosts')} />}
      {notes.length > 0 && (
        <section aria-label={t('posts')}>
          <ItemList list={{ ...posts, items: notes }} keyOf={keyOf} row={row} name={name} />
        </section>
      )}
    </>
  )
}

interface NothingProps {
  readonly looked: readonly [LookOn, LookOn]
  /** Null: it is of any time. */
  readonly anyTime: (() => void) | null
}

function Nothing({ looked: [one, other], anyTime }: NothingProps): ReactNode {
  const t = useWords(words)
  const verdict = together(one.verdict, other.verdict)
  function goOn(): void {
    one.goOn()
    other.goOn()
  }
  switch (verdict) {
    case 'failed':
    case 'enough':
      return null
    case 'waiting':
      return <Waiting />
    case 'looking':
      return <Looking />
    case 'paused':
      return (
        <Empty icon={IconSearch} title={t('soFarTitle')} text={t('soFar')}>
          <Button variant="default" onClick={goOn}>
            {t('lookOn')}
          </Button>
        </Empty>
      )
    case 'unread':
    case 'end':
      return (
        <Empty
          icon={IconZoomExclamation}
          title={t(verdict === 'unread' ? 'soFarTitle' : 'nothingTitle')}
          text={t('nothing')}
        >
          {anyTime === null ? (
            <Button component={Link} href="/people" variant="default">
              {t('findPeople')}
            </Button>
          ) : (
            <Button variant="default" onClick={anyTime}>
              {t('lookAnyTime')}
            </Button>
          )}
        </Empty>
      )
  }
}

function Looking(): ReactNode {
  const t = useWords(words)
  return (
    <Group justify="center" py="xl" role="status">
      <Loader size="sm" aria-hidden />
      <Text c="var(--soft)">{t('looking')}</Text>
    </Group>
  )
}

/** Of one place that has nothing so far, while the other has something. */
function Further({ verdict, goOn, label }: LookOn & { readonly label: string }): ReactNode {
  if (verdict === 'looking') return <Looking />
  if (verdict !== 'paused') return null
  return (
    <Button variant="subtle" size="sm" onClick={goOn}>
      {label}
    </Button>
  )
}

const said: ReadonlySet<string> = new Set(['public_note', 'comment', 'image', 'media', 'collection'])

/** What has no card is no post. */
function isSaid({ state }: Item): boolean {
  return state.type === 'shown' && said.has(state.payload.type)
}

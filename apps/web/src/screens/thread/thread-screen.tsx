/**
 * A conversation: what it began with, the answers below what they answer, and what of it is not here.
 *
 * @module
 */
import { type ContentName, parseIdentity, parseRawCid } from '@effigy/core'
import { type Item, useLive, usePerson, useThread } from '@effigy/react'
import { Button, Stack, Text } from '@mantine/core'
import { IconBellOff, IconUnlink } from '@tabler/icons-react'
import { type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { Link, useLocation, useParams, useSearch } from 'wouter'
import { late } from '../../app/late.tsx'
import { useOwn } from '../../app/own-identities.ts'
import { Composer } from '../../components/composer/composer.tsx'
import { notePayload } from '../../components/composer/send.ts'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { Waiting } from '../../components/list/waiting.tsx'
import { notePath, personPath } from '../../components/note/paths.ts'
import { threadOf } from '../../components/note/thread-of.ts'
import { NoteCard } from '../../components/note-card.tsx'
import { ScreenHead } from '../../components/screen-head.tsx'
import { useWords } from '../../words/use-words.ts'
import { type Branch, branchesOf } from './branches.ts'
import { Gap } from './gap.tsx'
import classes from './thread.module.css'
import { words } from './words.ts'

const FromHub = late(async () => (await import('../public-note/public-note-screen.tsx')).FromHub)

export function Screen(): ReactNode {
  const t = useWords(words)
  const { identity = '', content = '' } = useParams<{ identity: string; content: string }>()
  const name = { identity: parseIdentity(identity), content: parseRawCid(content) }
  return (
    <Stack gap="sm">
      <ScreenHead title={t('title')} />
      {name.identity === null || name.content === null ? (
        <Empty icon={IconUnlink} title={t('badTitle')} text={t('bad')}>
          <Button component={Link} href="/">
            {t('home')}
          </Button>
        </Empty>
      ) : (
        <Asked key={`${identity} ${content}`} name={{ identity: name.identity, content: name.content }} />
      )}
    </Stack>
  )
}

function Asked({ name }: { readonly name: ContentName }): ReactNode {
  const { type, value: item, error } = useLive('resolve', name.identity, name.content)
  const isForEdit = useForEdit(item)
  if (error !== null) return <Fault error={error} />
  if (type === 'pending') return <Waiting />
  if (item === null) return <Elsewhere name={name} />
  return <Conversation asked={item} isForEdit={isForEdit} />
}

/** Whether the address says so, once; a link may say it of what somebody else wrote. */
function useForEdit(item: Item | null): boolean {
  const own = useOwn()
  const [, go] = useLocation()
  const [isForEdit, setForEdit] = useState(false)
  const isInAddress = new URLSearchParams(useSearch()).has('edit')
  const isAsked = isInAddress && item !== null && own.has(item.identity) && notePayload(item) !== null
  useEffect(() => {
    if (!isAsked || item === null) return
    // The card of an answer comes later than this.
    setForEdit(true)
    // Loaded again, it is only looked at.
    go(notePath(item), { replace: true })
  }, [isAsked, item, go])
  return isForEdit
}

/** Not on this device: the hub of this page may have it for everybody. Of whom one blocks, nobody is asked. */
function Elsewhere({ name }: { readonly name: ContentName }): ReactNode {
  const t = useWords(words)
  const { value: author } = usePerson(name.identity)
  const absent = (
    <Empty icon={IconUnlink} title={t('goneTitle')} text={t('gone')}>
      <Button component={Link} href={personPath(name.identity)}>
        {t('look')}
      </Button>
    </Empty>
  )
  if (author === null) return <Waiting />
  if (author.isBlocked) return absent
  return (
    <Suspense fallback={<Waiting />}>
      <FromHub name={name} absent={absent} />
    </Suspense>
  )
}

/** Answers that are made at once. */
const shownAtOnce = 150

const composer = (item: Item): ReactNode => <Composer about={{ type: 'reply', item }} />

export interface ConversationProps {
  readonly asked: Item
  /** What was asked for is one's own, and is to be changed. */
  readonly isForEdit?: boolean
  /** Where something is answered; the composer when omitted. */
  readonly write?: (item: Item) => ReactNode
}

export function Conversation({ asked, isForEdit = false, write = composer }: ConversationProps): ReactNode {
  const t = useWords(words)
  const start = threadOf(asked)
  const found = useLive('resolve', start.identity, start.content)
  const beginning = asked.content === start.content && asked.identity === start.identity ? asked : found.value
  const { type, items, hasMore, loadMore, isLoadingMore, error } = useThread(start.identity, start.content, {
    pageSize: 200,
  })
  const gaps = useLive('gaps', start.identity, start.content).value ?? []
  const isMuted = useLive('notices.isThreadMuted', start.identity, start.content).value === true
  const [count, setCount] = useState(shownAtOnce)
  const branches = useMemo(() => branchesOf(items), [items])
  // Whatever was asked for is to be seen, however far down it stands.
  const askedAt = branches.findIndex(({ item }) => item.cid === asked.cid)
  const shown = branches.slice(0, Math.max(count, askedAt + 10))
  const isMain = beginning !== null && beginning.cid === asked.cid
  useEffect(() => {
    if (hasMore && !isLoadingMore && items.length < 2_000) loadMore()
  }, [hasMore, isLoadingMore, items.length, loadMore])
  useTop(isMain)

  return (
    <>
      {isMuted && (
        <Text size="sm" c="var(--soft)">
          <IconBellOff size={16} aria-hidden /> {t('muted')}
        </Text>
      )}
      {beginning !== null ? (
        <NoteCard item={beginning} isMain={isMain} isForEdit={isMain && isForEdit} />
      ) : (
        found.type === 'ready' && <Text className={classes.gap ?? ''}>{t('noBeginning')}</Text>
      )}
      {beginning !== null && beginning.state.type !== 'erased' && write(beginning)}
      {error !== null && <Fault error={error} />}
      {type === 'pending' && <Waiting />}
      {type === 'ready' && items.length === 0 && beginning !== null && (
        <Text c="var(--soft)" size="sm">
          {t('nobody')}
        </Text>
      )}
      <section className={classes.answers} aria-label={t('answers', { count: items.length })}>
        {shown.map((branch) => (
          <Placed
            key={branch.item.cid}
            branch={branch}
            isAsked={!isMain && branch.item.cid === asked.cid}
            isForEdit={isForEdit}
            write={write}
          />
        ))}
      </section>
      {shown.length < branches.length && (
        <Button variant="default" onClick={() => setCount(count + shownAtOnce)}>
          {t('more')}
        </Button>
      )}
      {gaps.map((gap) => (
        <Gap key={`${gap.identity} ${gap.content}`} gap={gap} />
      ))}
    </>
  )
}

interface PlacedProps {
  readonly branch: Branch
  readonly isAsked: boolean
  readonly isForEdit: boolean
  readonly write: (item: Item) => ReactNode
}

function Placed({ branch: { item, depth }, isAsked, isForEdit, write }: PlacedProps): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isAsked) place.current?.scrollIntoView({ block: 'center' })
  }, [isAsked])
  return (
    <div ref={place} className={classes.branch} data-depth={depth} data-asked={isAsked || undefined}>
      <NoteCard item={item} isInThread isMain={isAsked} isForEdit={isAsked && isForEdit}>
        {isAsked && write(item)}
      </NoteCard>
    </div>
  )
}

/** It begins at its beginning, unless something below it was asked for. */
function useTop(isMain: boolean): void {
  useEffect(() => {
    if (isMain) window.scrollTo(0, 0)
  }, [isMain])
}

/**
 * Home: what the people one follows have written, the newest first.
 *
 * @module
 */
import { type Item, useMarker, usePeer, useTimeline } from '@effigy/react'
import { Button, Group, Stack, Title, VisuallyHidden } from '@mantine/core'
import { IconPencil, IconPlant2 } from '@tabler/icons-react'
import { type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { late } from '../../app/late.tsx'
import { noteStanding, useIdle } from '../../app/standing.ts'
import { words as appWords } from '../../app/words.ts'
import { ComposerLater } from '../../components/composer/composer-later.tsx'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { ItemList } from '../../components/list/item-list.tsx'
import { Waiting } from '../../components/list/waiting.tsx'
import { NoteCard } from '../../components/note-card.tsx'
import { useWords } from '../../words/use-words.ts'
import { homePageSize, timelineFilter, useHomeFilter } from './filter.ts'
import { FilterBar } from './filter-bar.tsx'
import { endFirstHour, wasFirstHour } from './first-hour-over.ts'
import classes from './home.module.css'
import { noteHome } from './keep-home.tsx'
import { words } from './words.ts'

const FirstHour = late(async () => (await import('./first-hour.tsx')).FirstHour)

const keyOf = (item: Item): string => item.cid

export function Screen(): ReactNode {
  const t = useWords(words)
  const [filter] = useHomeFilter()
  const asked = timelineFilter(filter)
  const list = useTimeline({ ...asked, pageSize: homePageSize })
  const { type, items, error } = list
  useEffect(noteHome, [])
  const [isOver, setOver] = useState(wasFirstHour)
  const end = useCallback(() => {
    endFirstHour()
    setOver(true)
  }, [])
  const isShown = type !== 'pending'
  const isIdle = useIdle(isShown)
  useEffect(() => {
    if (isShown) noteStanding()
  }, [isShown])
  return (
    <Stack gap="md">
      <VisuallyHidden>
        <Title order={1}>{t('title')}</Title>
      </VisuallyHidden>
      <Writing isShown={isShown} />
      {!isOver && isIdle && (
        <Suspense fallback={null}>
          <FirstHour end={end} />
        </Suspense>
      )}
      <FilterBar />
      {error !== null && <Fault error={error} />}
      {type === 'pending' && <Waiting />}
      {type === 'ready' && items.length === 0 && (isOver || filter.tag !== null) && (
        <Nothing isTag={filter.tag !== null} />
      )}
      {items.length > 0 && (
        <Timeline key={JSON.stringify(asked)} name={`home ${JSON.stringify(asked)}`} list={list} />
      )}
    </Stack>
  )
}

/** On a phone, a way to write stays in view once its place was scrolled away. */
function Writing({ isShown }: { readonly isShown: boolean }): ReactNode {
  const t = useWords(words)
  const place = useRef<HTMLDivElement>(null)
  const [isAway, setAway] = useState(false)
  useEffect(() => {
    const { current } = place
    if (current === null) return
    const observer = new IntersectionObserver(([seen]) => setAway(seen?.isIntersecting === false))
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return (
    <>
      <div ref={place}>
        <ComposerLater isShown={isShown} />
      </div>
      {isAway && (
        <Link href="/new" className={classes.write} aria-label={t('write')}>
          <IconPencil size={26} stroke={1.6} aria-hidden />
        </Link>
      )}
    </>
  )
}

interface TimelineProps {
  readonly name: string
  readonly list: ReturnType<typeof useTimeline>
}

function Timeline({ name, list }: TimelineProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const marker = useMarker()
  // As it was when this screen was opened: it does not run away from who reads.
  const [before, setBefore] = useState<number | null | undefined>(undefined)
  if (before === undefined && marker.type === 'ready') setBefore(marker.value)

  const onRead = useCallback(
    (item: Item) => {
      // What was read here and could not be said is said with the next one.
      peer.reading.markRead(item.sort).catch(() => {})
    },
    [peer],
  )
  const isOwn = useCallback((item: Item) => item.identity === peer.identity, [peer])
  const row = useCallback(
    (item: Item, above: Item | null) => (
      <>
        {before != null && above !== null && above.sort > before && item.sort <= before && (
          <div className={classes.read}>{t('readTo')}</div>
        )}
        <NoteCard item={item} />
      </>
    ),
    [before, t],
  )
  return <ItemList list={list} keyOf={keyOf} row={row} name={name} isOwn={isOwn} onRead={onRead} />
}

function Nothing({ isTag }: { readonly isTag: boolean }): ReactNode {
  const t = useWords(words)
  const say = useWords(appWords)
  const [, change] = useHomeFilter()
  return (
    <Empty
      icon={IconPlant2}
      title={t(isTag ? 'emptyTagTitle' : 'emptyTitle')}
      text={t(isTag ? 'emptyTag' : 'empty')}
    >
      {isTag ? (
        <Button variant="default" onClick={() => change({ tag: null })}>
          {t('allTags')}
        </Button>
      ) : (
        <Group justify="center">
          <Button component={Link} href="/invite">
            {t('invite')}
          </Button>
          <Button component={Link} href="/people" variant="default">
            {t('findPeople')}
          </Button>
          <Button component={Link} href="/look-around" variant="subtle">
            {say('navLookAround')}
          </Button>
        </Group>
      )}
    </Empty>
  )
}

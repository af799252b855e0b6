/**
 * The messages of a conversation, oldest first and open at the end; older ones come when one looks for them.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { useLive, useMessages, usePeer } from '@effigy/react'
import { Button, Text, VisuallyHidden } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { formatDate } from '../../components/format.ts'
import { usePerson } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { isSameDay, placeMessages } from './days.ts'
import { Message } from './message.tsx'
import { farthestOf, isOnlyHere } from './only-here.ts'
import classes from './talk.module.css'
import { words } from './words.ts'

export interface MessageListProps {
  readonly name: string
  readonly own: ReadonlySet<Identity>
  readonly isNamed: boolean
  readonly isShy: boolean
  /** The message (`Item.cid`) that one came for; null: the newest. */
  readonly at: string | null
}

/** Pages that are loaded to find a message; one that stands further back is for the button. */
const mostPages = 40

export function MessageList({ name, own, isNamed, isShy, at }: MessageListProps): ReactNode {
  const t = useWords(words)
  const { type, items, hasMore, isLoadingMore, loadMore, error } = useMessages(name)
  const { identity: self } = usePeer()
  const delivery = useLive('delivery', 1).value
  const farthest = delivery === null ? null : farthestOf(delivery.places)
  const scroller = useRef<HTMLDivElement>(null)
  const newest = items[0]
  const isOwnNewest = newest !== undefined && own.has(newest.identity)
  useEffect(() => {
    // What one says oneself is looked at, wherever one has read before.
    if (isOwnNewest && newest !== undefined) scroller.current?.scrollTo({ top: 0 })
  }, [newest, isOwnNewest])
  const isThere = at !== null && items.some(({ cid }) => cid === at)
  const [pages, setPages] = useState(0)
  const isSought = at !== null && !isThere && type === 'ready' && hasMore && pages < mostPages
  useEffect(() => {
    if (!isSought || isLoadingMore) return
    setPages(pages + 1)
    loadMore()
  }, [isSought, isLoadingMore, loadMore, pages])
  useEffect(() => {
    if (!isThere) return
    // Once the screen, which takes the focus when one comes to it, has done so.
    const frame = requestAnimationFrame(() => {
      const message = scroller.current?.querySelector<HTMLElement>('[aria-current]')
      // It was long in coming, and one writes by now.
      if (document.activeElement?.matches('input, textarea')) return
      message?.scrollIntoView({ block: 'center' })
      message?.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [isThere])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there
    <section ref={scroller} className={classes.scroller} tabIndex={0} aria-label={t('title')}>
      <div>
        {error !== null && <Fault error={error} />}
        {hasMore ? (
          <Button variant="subtle" size="sm" fullWidth mt="sm" loading={isLoadingMore} onClick={loadMore}>
            {t('older')}
          </Button>
        ) : (
          type === 'ready' &&
          !isShy && (
            <Text ta="center" size="sm" c="var(--soft)" pt="md">
              {t('first')}
            </Text>
          )
        )}
        <ol className={classes.messages}>
          {placeMessages(items).map(({ item, isNewDay, isFirst }) => [
            isNewDay ? (
              <li key={`day ${item.cid}`} className={classes.day}>
                <Day at={item.sort} />
              </li>
            ) : null,
            <Message
              key={item.cid}
              item={item}
              isOwn={own.has(item.identity)}
              isFirst={isFirst}
              isOnlyHere={farthest !== null && isOnlyHere(item, self, farthest)}
              isNamed={isNamed}
              isCurrent={item.cid === at}
            />,
          ])}
        </ol>
        {newest !== undefined && !isOwnNewest && <Told identity={newest.identity} cid={newest.cid} />}
      </div>
    </section>
  )
}

function Day({ at }: { readonly at: number }): ReactNode {
  const t = useWords(words)
  const now = Date.now()
  if (isSameDay(at, now)) return t('today')
  return isSameDay(at, now - 86_400_000) ? t('yesterday') : formatDate(at)
}

/** Read aloud when somebody else says something; not what was there when one came. */
function Told({ identity, cid }: { readonly identity: Identity; readonly cid: string }): ReactNode {
  const t = useWords(words)
  const { name } = usePerson(identity)
  const first = useRef(cid)
  return (
    <VisuallyHidden role="status">{first.current === cid ? '' : t('newMessage', { name })}</VisuallyHidden>
  )
}

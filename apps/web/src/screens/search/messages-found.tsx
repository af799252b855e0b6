/**
 * What was found in one's conversations: whose, where, a line of it; it leads to that message.
 *
 * @module
 */
import { type Item, useLive } from '@effigy/react'
import { Button, Mark, Skeleton, Text, Title } from '@mantine/core'
import { Fragment, type ReactNode, useMemo } from 'react'
import { Link } from 'wouter'
import { PersonName } from '../../components/person-name.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { useWords } from '../../words/use-words.ts'
import { snippetOf } from '../talks/snippet.ts'
import { TalkFace } from '../talks/talk-face.tsx'
import { TalkName } from '../talks/talk-name.tsx'
import classes from '../talks/talks.module.css'
import { words as talkWords } from '../talks/words.ts'
import { excerptOf } from './excerpt.ts'
import { words } from './words.ts'

export interface MessagesFoundProps {
  readonly items: readonly Item[]
  readonly query: string
  readonly hasMore: boolean
  readonly isLooking: boolean
  readonly more: () => void
}

export function MessagesFound({ items, query, hasMore, isLooking, more }: MessagesFoundProps): ReactNode {
  const t = useWords(words)
  return (
    <section aria-label={t('messages')} className={classes.found}>
      <Title order={2} size="h5">
        {t('messages')}
      </Title>
      <ul className={classes.list}>
        {items.map((item) => (
          <Hit key={item.cid} item={item} query={query} />
        ))}
      </ul>
      {hasMore && (
        <Button variant="subtle" size="sm" fullWidth loading={isLooking} onClick={more}>
          {t('moreMessages')}
        </Button>
      )}
    </section>
  )
}

function Hit({ item, query }: { readonly item: Item; readonly query: string }): ReactNode {
  const { type, value: talk } = useLive('conversations.of', item.identity, item.content)
  if (talk === null) return type === 'pending' ? <Coming /> : null
  return (
    <li>
      <Link href={`/talks/in/${talk.name}?at=${item.cid}`} className={classes.row}>
        <TalkFace {...talk} />
        <span className={classes.rowText}>
          <span className={classes.rowName}>
            <TalkName {...talk} />
          </span>
          <Text
            component="span"
            size="sm"
            c="var(--soft)"
            className={classes.said ?? ''}
            dir="auto"
            lineClamp={2}
          >
            <PersonName identity={item.identity} />: <Line item={item} query={query} />
          </Text>
        </span>
        <span className={classes.rowSide}>
          <Text component="span" size="xs" c="var(--soft)">
            <TimeAgo at={item.sort} />
          </Text>
        </span>
      </Link>
    </li>
  )
}

/** As high as what comes in its place. */
function Coming(): ReactNode {
  return (
    <li className={classes.row} aria-hidden>
      <Skeleton circle height={48} />
      <span className={classes.rowText}>
        <Skeleton height={12} width="40%" mb="sm" />
        <Skeleton height={12} />
      </span>
    </li>
  )
}

function Line({ item, query }: { readonly item: Item; readonly query: string }): ReactNode {
  const t = useWords(talkWords)
  const { state } = item
  const parts = useMemo(() => (state.type === 'shown' ? excerptOf(state.payload, query) : []), [state, query])
  if (parts.length > 0) {
    return parts.map(({ text, isMarked }, at) =>
      isMarked ? <Mark key={at}>{text}</Mark> : <Fragment key={at}>{text}</Fragment>,
    )
  }
  const snippet = snippetOf(item)
  return snippet.type === 'sign' ? t(snippet.sign) : snippet.text
}

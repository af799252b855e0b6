/**
 * One conversation in the list: who, the last thing said, when, how much is new.
 *
 * @module
 */
import type { Account, Identity } from '@effigy/core'
import type { Item } from '@effigy/store'
import { Badge, Text } from '@mantine/core'
import { memo, type ReactNode } from 'react'
import { Link } from 'wouter'
import { formatNumber } from '../../components/format.ts'
import { PersonName } from '../../components/person-name.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { useWords } from '../../words/use-words.ts'
import { snippetOf } from './snippet.ts'
import { TalkFace } from './talk-face.tsx'
import { TalkName } from './talk-name.tsx'
import classes from './talks.module.css'
import { words } from './words.ts'

export interface TalkRowProps {
  readonly name: string
  readonly kind: 'people' | 'group'
  readonly title: string | null
  readonly persons: readonly Account[]
  readonly newest: Item | null
  readonly unread: number
  readonly own: ReadonlySet<Identity>
}

export const TalkRow = memo(function TalkRow(props: TalkRowProps): ReactNode {
  const { name, newest, unread } = props
  const t = useWords(words)
  return (
    <Link href={`/talks/in/${name}`} className={classes.row} data-unread={unread > 0 || undefined}>
      <TalkFace {...props} />
      <span className={classes.rowText}>
        <span className={classes.rowName}>
          <TalkName {...props} />
        </span>
        <Text component="span" size="sm" c="var(--soft)" className={classes.said ?? ''} dir="auto" truncate>
          <LastSaid {...props} />
        </Text>
      </span>
      <span className={classes.rowSide}>
        {newest !== null && (
          <Text component="span" size="xs" c="var(--soft)">
            <TimeAgo at={newest.sort} />
          </Text>
        )}
        {unread > 0 && (
          <Badge circle={unread < 10} size="lg" variant="filled">
            <span aria-hidden>{formatNumber(unread)}</span>
            <span className={classes.hidden}>{t('unread', { count: unread })}</span>
          </Badge>
        )}
      </span>
    </Link>
  )
})

function LastSaid({ newest, kind, persons, own }: TalkRowProps): ReactNode {
  const t = useWords(words)
  if (newest === null) return t('nothingSaid')
  const snippet = snippetOf(newest)
  const said = snippet.type === 'text' ? <span data-others>{snippet.text}</span> : t(snippet.sign)
  const isOwn = own.has(newest.identity)
  if (isOwn ? persons.length === 0 : kind === 'people' && persons.length === 1) return said
  return (
    <>
      {isOwn ? <bdi>{t('you')}</bdi> : <PersonName identity={newest.identity} />}: {said}
    </>
  )
}

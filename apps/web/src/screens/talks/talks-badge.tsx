/**
 * How many messages are new, on the name of this screen; strangers who ask are no number.
 *
 * @module
 */
import { useTalkCounts } from '@effigy/react'
import { Badge } from '@mantine/core'
import { type ReactNode, Suspense } from 'react'
import { formatNumber } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './talks.module.css'
import { words } from './words.ts'

export function TalksBadge(): ReactNode {
  const unread = useTalkCounts().value?.unread ?? 0
  // The shell does not wait for the words of a badge.
  return unread === 0 ? null : (
    <Suspense fallback={null}>
      <Unread unread={unread} />
    </Suspense>
  )
}

function Unread({ unread }: { readonly unread: number }): ReactNode {
  const t = useWords(words)
  return (
    <Badge size="sm" variant="filled" circle={unread < 10}>
      <span aria-hidden>{formatNumber(unread)}</span>
      <span className={classes.hidden}>{t('unread', { count: unread })}</span>
    </Badge>
  )
}

/**
 * How many messages are new, on the name of this screen; strangers who ask are no number.
 *
 * @module
 */
import { useTalkCounts } from '@effigy/react'
import { Badge } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatNumber } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './talks.module.css'
import { words } from './words.ts'

export function TalksBadge(): ReactNode {
  const t = useWords(words)
  const unread = useTalkCounts().value?.unread ?? 0
  if (unread === 0) return null
  return (
    <Badge size="sm" variant="filled" circle={unread < 10}>
      <span aria-hidden>{formatNumber(unread)}</span>
      <span className={classes.hidden}>{t('unread', { count: unread })}</span>
    </Badge>
  )
}

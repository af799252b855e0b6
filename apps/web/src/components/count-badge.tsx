/**
 * A number on a name: how much waits there.
 *
 * @module
 */
import { Badge } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'
import { formatNumber } from './format.ts'
import { words } from './list/words.ts'

export interface CountBadgeProps {
  readonly count: number
  /** Stands for more too. */
  readonly most: number
}

const shown = 99

export function CountBadge({ count, most }: CountBadgeProps): ReactNode {
  const t = useWords(words)
  if (count === 0) return null
  const isMore = count > shown || count >= most
  return (
    <Badge
      size="sm"
      circle={count < 10}
      px={count < 10 ? 0 : 6}
      aria-label={t('fresh', { count })}
      role="img"
    >
      {isMore ? `${formatNumber(Math.min(count, shown))}+` : formatNumber(count)}
    </Badge>
  )
}

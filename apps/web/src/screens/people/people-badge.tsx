/**
 * How many people are not as they were, on the name of the screen.
 *
 * @module
 */
import { useLive } from '@effigy/react'
import { Badge } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatNumber } from '../../components/format.ts'

export function PeopleBadge(): ReactNode {
  const count = useLive('people.list', 'changed', { limit: 1 }).value?.count ?? 0
  return count === 0 ? null : (
    <Badge size="sm" circle>
      {formatNumber(count)}
    </Badge>
  )
}

/**
 * How many people are not as they were, on the name of the screen.
 *
 * @module
 */
import { useLive } from '@effigy/react'
import type { ReactNode } from 'react'
import { CountBadge } from '../../components/count-badge.tsx'

export function PeopleBadge(): ReactNode {
  const count = useLive('people.list', 'changed', { limit: 1 }).value?.count ?? 0
  return <CountBadge count={count} most={Number.POSITIVE_INFINITY} />
}

/**
 * How much of Home is new, beside its name.
 *
 * @module
 */
import { useUnread } from '@effigy/react'
import type { ReactNode } from 'react'
import { CountBadge } from '../../components/count-badge.tsx'

export function HomeBadge(): ReactNode {
  return <CountBadge count={useUnread().value?.timeline ?? 0} most={1_000} />
}

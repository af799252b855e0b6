/**
 * How much of it is new, beside the name of the screen.
 *
 * @module
 */
import { useUnread } from '@effigy/react'
import type { ReactNode } from 'react'
import { CountBadge } from '../../components/count-badge.tsx'

export function NewsBadge(): ReactNode {
  return <CountBadge count={useUnread().value?.notices ?? 0} most={100} />
}

/**
 * How many messages are new, on the name of this screen; strangers who ask are no number.
 *
 * @module
 */
import { useTalkCounts } from '@effigy/react'
import type { ReactNode } from 'react'
import { CountBadge } from '../../components/count-badge.tsx'

export function TalksBadge(): ReactNode {
  return <CountBadge count={useTalkCounts().value?.unread ?? 0} most={1_000} />
}

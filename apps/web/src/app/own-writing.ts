/**
 * Whether something keeps this device from writing: two versions of what it wrote, or entries of its own that may be missing.
 *
 *     dispute (F12) ─▶ disputed        not confirmed yet (S13), or known of and not here (F14) ─▶ held        else null
 *
 * @module
 */
import type { Dispute } from '@effigy/peer'
import { useLive, usePeer, useSync } from '@effigy/react'

export type OwnWriting =
  | { readonly type: 'disputed'; readonly branches: Dispute['branches'] }
  | { readonly type: 'held' }

export function useOwnWriting(): OwnWriting | null {
  const { identity } = usePeer()
  const dispute = useLive('dispute').value
  const status = useSync().value
  const role = useLive('account.show').value?.role
  // Nothing is written with it in any case.
  if (role === 'revoked' || role === 'frozen') return null
  if (dispute !== null) return { type: 'disputed', branches: dispute.branches }
  if (status === null) return null
  const isLacking = status.feeds.some((feed) => feed.identity === identity && feed.held < feed.total)
  return isLacking || !status.mayWrite ? { type: 'held' } : null
}

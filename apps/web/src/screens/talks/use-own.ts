/**
 * Which identities are this person's own devices: what they wrote stands on the other side.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { useLive, usePeer } from '@effigy/react'
import { useMemo } from 'react'

export function useOwn(): ReadonlySet<Identity> {
  const { identity } = usePeer()
  const { value } = useLive('account.show')
  return useMemo(
    () => new Set([identity, ...(value?.members ?? []).map((member) => member.identity)]),
    [identity, value],
  )
}

/**
 * Whether a note has a word of which this person does not want to hear.
 *
 * @module
 */
import { wordFilter } from '@effigy/peer/page'
import { type Item, useLive, usePeer } from '@effigy/react'
import { useMemo } from 'react'

const filters = new WeakMap<readonly string[], ReturnType<typeof wordFilter>>()
const none: readonly string[] = []

/** The word; null: nothing of the kind. */
export function useMutedWord(item: Item): string | null {
  const { identity } = usePeer()
  const muted = useLive('notices.words').value ?? none
  return useMemo(() => {
    if (muted.length === 0 || item.identity === identity || item.state.type !== 'shown') return null
    let filter = filters.get(muted)
    if (filter === undefined) {
      filter = wordFilter(muted)
      filters.set(muted, filter)
    }
    return filter(item.state.payload)
  }, [muted, item, identity])
}

/**
 * Tags that a person keeps on Home, on all own devices: `home/tag/LABEL` of what these share.
 *
 * @module
 */
import type { RemotePeer } from '@effigy/peer/page'
import { useLive } from '@effigy/react'

const prefix = 'home/tag/'

export function useKeptTags(): readonly string[] {
  const { value } = useLive('state.values', prefix)
  return (value ?? []).filter((each) => each.value === true).map(({ key }) => key.slice(prefix.length))
}

export function keepTag(peer: RemotePeer, label: string, value: boolean): Promise<void> {
  return peer.state.set([[`${prefix}${label.normalize('NFC').toLowerCase()}`, value ? true : null]])
}

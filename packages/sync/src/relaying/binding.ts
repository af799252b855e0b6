/**
 * What a session through a hub is bound to (spec A3).
 *
 * @module
 */
import { concatBytes, equalBytes, type Identity, identityKey, identityOfKey, utf8 } from '@effigy/core'

const label: Uint8Array = concatBytes(utf8('relay'), Uint8Array.of(0))

/** `relay` ‖ 0 ‖ the hub's key: both ends must mean the same hub. */
export function relayBinding(hub: Identity): Uint8Array {
  return concatBytes(label, identityKey(hub))
}

/** Through whose hands a session with that binding goes; null: through no hub's. */
export function relayHub(binding: Uint8Array): Identity | null {
  const isRelay = binding.length === label.length + 32 && equalBytes(binding.subarray(0, label.length), label)
  return isRelay ? identityOfKey(binding.slice(label.length)) : null
}

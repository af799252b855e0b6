/**
 * What a session through a hub is bound to (spec A3).
 *
 * @module
 */
import { concatBytes, type Identity, identityKey, utf8 } from '@effigy/core'

/** `relay` ‖ 0 ‖ the hub's key: both ends must mean the same hub. */
export function relayBinding(hub: Identity): Uint8Array {
  return concatBytes(utf8('relay'), Uint8Array.of(0), identityKey(hub))
}

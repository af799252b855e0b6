/**
 * Whom a drop for a person is sealed to, and where it is left (spec V11, V40).
 *
 *     identity ─▶ account ─▶ box keys of its members, boxes that it names
 *              └▶ lone device ─▶ `box` and `hubs` of its identification
 *
 * @module
 */
import { EffigyError, type Hub, type Identity, parseBase64url, readersOf } from '@effigy/core'
import type { Store } from '@effigy/store'
import { accountTarget } from '../account/targets.ts'
import type { DropTarget } from './drops.ts'

/** Boxes that one drop is offered to at most: whoever names them has us dial there. */
const maxNamedBoxes = 4

export interface Receiver {
  readonly to: Identity
  readonly keys: readonly Uint8Array[]
  /** Named by the receiver, in its order. */
  readonly boxes: readonly Hub[]
}

type Asked = Pick<Store, 'synods' | 'profile'>

/** Throws `EffigyError` 'drop-no-key'. */
export function receiverOf(store: Asked, target: Identity | DropTarget): Receiver {
  if (typeof target !== 'string') {
    const known = target.boxes === undefined ? receiverIn(store, target.to)?.boxes : target.boxes
    return { to: target.to, keys: target.keys, boxes: (known ?? []).slice(0, maxNamedBoxes) }
  }
  const receiver = receiverIn(store, target)
  if (receiver === null || receiver.keys.length === 0) {
    const message =
      'No key of them is here to seal it to. Follow them, and connect to somebody who has their feed.'
    throw new EffigyError('drop-no-key', message)
  }
  return receiver
}

function receiverIn(store: Asked, identity: Identity): Receiver | null {
  const { identity: to, root } = accountTarget(store, identity)
  const said = identificationOf(store, identity)
  if (root === null) {
    const key = said === null ? null : parseBase64url(said.box)
    return key === null ? null : { to, keys: [key], boxes: (said?.hubs ?? []).slice(0, maxNamedBoxes) }
  }
  const authority = store.synods?.account(root) ?? null
  const readers = authority === null ? null : readersOf(authority)
  const state = authority?.current?.state
  if (readers === null || state === undefined) return null
  const keys = readers.devices.flatMap(({ box }) => parseBase64url(box) ?? [])
  const named = state.dropboxes.length > 0 ? state.dropboxes : [...state.hubs, ...(said?.hubs ?? [])]
  const boxes = new Map(named.map((hub) => [hub[0], hub]))
  return { to, keys, boxes: [...boxes.values()].slice(0, maxNamedBoxes) }
}

function identificationOf(
  store: Asked,
  identity: Identity,
): { readonly box: string; readonly hubs: readonly Hub[] } | null {
  const state = store.profile(identity)?.state
  if (state?.type !== 'shown' || state.payload.type !== 'identification') return null
  const { box, hubs } = state.payload
  return { box, hubs }
}

/** A drop box with a few people: bob has a phone and a laptop, carol one device; bob has named one friend. */
import { type Identity, identityOfKey } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createMemoryDrops, type DropInfo } from '@effigy/store'
import { createFakeClock } from '@effigy/testkit'
import { type DropLimits, defaultDropLimits } from '../src/limits.ts'
import { createDropBox, type DropBoxPorts } from '../src/services/drop-box.ts'

const { sha256 } = createNodeCrypto()

export function someone(number: number): Identity {
  const key = new Uint8Array(32)
  new DataView(key.buffer).setUint32(0, number)
  return identityOfKey(key)
}
export const [bob, phone, laptop, friend, stranger, carol] = [1, 2, 3, 4, 5, 6].map(someone) as [
  Identity,
  Identity,
  Identity,
  Identity,
  Identity,
  Identity,
]

export function createDropWorld(changes: Partial<DropLimits> = {}, ports: Partial<DropBoxPorts> = {}) {
  const clock = createFakeClock()
  const store = createMemoryDrops()
  const box = createDropBox({
    store,
    clock,
    sha256,
    limits: { ...defaultDropLimits, ...changes },
    devicesOf: (account) => (account === bob ? [phone, laptop] : account === carol ? [carol] : []),
    accountOf: (device) => (device === phone || device === laptop ? bob : device === carol ? carol : null),
    isCommunity: false,
    ...ports,
  })
  box.setFriends(phone, [friend])
  let count = 0
  /** Bytes that never come twice. */
  const fresh = (size = 100): Uint8Array => {
    const bytes = new Uint8Array(size)
    new DataView(bytes.buffer).setUint32(0, ++count)
    return bytes
  }
  const codeOf = (from: Identity, to: Identity | null, bytes: Uint8Array): string => {
    const result = box.put(from, to, bytes)
    return result.ok ? 'ok' : result.error.code
  }
  /** As one who never asks too often. */
  const offers = (device: Identity): readonly DropInfo[] => {
    const result = box.offers(device)
    if (!result.ok) throw new Error(result.error.code)
    return result.value
  }
  return { clock, store, box, fresh, codeOf, offers }
}

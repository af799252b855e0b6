/**
 * What a peer says of itself first of all in each session (spec V8): a few bytes, because nothing else is said
 * where there is nothing new.
 *
 *     Provided ─writeProvided▶ flags ‖ known names ‖ other names ─readProvided▶ Provided
 *
 * @module
 */
import { createByteReader, createByteWriter, parseUtf8, utf8 } from '@effigy/core'
import { maxServices } from './limits.ts'
import type { KnownService } from './services/service.ts'

export interface Provided {
  /** What the other side may have; each once. */
  readonly services: readonly string[]
  readonly kind: 'hub' | 'peer'
  /** On a battery or a metered line: asks for less, gives less. */
  readonly metered: boolean
  /** Nobody looks at it now: each side is asked seldom whether it is there (R41). */
  readonly resting?: true
}

/** V1: in this order for ever; later names come behind. */
const knownServices: readonly KnownService[] = [
  'blobs',
  'headtracking',
  'signalling',
  'relaying',
  'dropbox',
  'datalease',
  'voice',
  'video',
]

/** M3. */
export const serviceNameForm: RegExp = /^[a-z][a-z0-9-]{0,31}$/

const hubFlag = 1
const meteredFlag = 2
const restingFlag = 4

/** Throws a RangeError for more than 32 services, or a name that is none. */
export function writeProvided({ services, kind, metered, resting }: Provided): Uint8Array {
  const names = new Set(services)
  if (names.size > maxServices) throw new RangeError('too many services')
  const writer = createByteWriter(16)
  const flags = [kind === 'hub' ? hubFlag : 0, metered ? meteredFlag : 0, resting ? restingFlag : 0]
  writer.varint(flags.reduce((sum, flag) => sum + flag))
  let known = 0
  for (const [bit, name] of knownServices.entries()) if (names.delete(name)) known += 2 ** bit
  writer.varint(known)
  for (const name of names) {
    if (!serviceNameForm.test(name)) throw new RangeError(`${name} is no name of a service`)
    const text = utf8(name)
    writer.bytes(Uint8Array.of(text.length))
    writer.bytes(text)
  }
  return writer.take()
}

/** Null unless the bytes are exactly that. */
export function readProvided(bytes: Uint8Array): Provided | null {
  const reader = createByteReader(bytes)
  const flags = reader.varint()
  const known = reader.varint()
  if (flags === null || known === null) return null
  const names = new Set<string>(knownServices.filter((_, bit) => Math.floor(known / 2 ** bit) % 2 === 1))
  while (reader.left > 0) {
    const length = reader.bytes(1)?.[0] ?? 0
    const text = reader.bytes(length)
    const name = text === null ? null : parseUtf8(text)
    if (name === null || !serviceNameForm.test(name)) return null
    names.add(name)
    if (names.size > maxServices) return null
  }
  return {
    services: [...names],
    kind: flags % 2 === hubFlag ? 'hub' : 'peer',
    metered: Math.floor(flags / meteredFlag) % 2 === 1,
    ...(Math.floor(flags / restingFlag) % 2 === 1 ? { resting: true } : {}),
  }
}

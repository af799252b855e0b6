/**
 * Leaves a drop in the boxes of its receiver (spec V11, V25, V40).
 *
 *     payload ─sign, seal▶ bytes ─▶ named boxes, connected or dialled ─ none took it ─▶ boxes that serve us
 *
 * @module
 */
import { type Drop, dropNonce, EffigyError, type Hub, type Identity, type JsonObject } from '@effigy/core'
import { defaultDropLimits, keptMs, type SealedDrop, sealDrop } from '@effigy/sync'
import { writePeerAddress } from '../address.ts'
import type { DropFate, DropTarget, SentDrop } from './drops.ts'
import type { DropPorts } from './ports.ts'
import { type Receiver, receiverOf } from './receiver.ts'

/** Boxes that say they keep it: one may be lost, two seldom are. */
const enough = 2

/** Boxes that serve us, asked where the receiver names none. */
const maxShared = 8

/** For one box, dialling it included, ms. */
const patienceMs = 15_000

/** Characters of a payload's type. */
export const maxDropType = 64

export async function sendDrop(
  target: Identity | DropTarget,
  payload: JsonObject,
  signal: AbortSignal,
  ports: DropPorts,
): Promise<SentDrop> {
  signal.throwIfAborted()
  const receiver = receiverOf(ports.store, target)
  const { drop, sealed } = await seal(receiver, payload, ports)
  const shared = ports.boxes().filter((box) => !receiver.boxes.some(([named]) => named === box))
  if (receiver.boxes.length === 0 && shared.length === 0) {
    throw new EffigyError('drop-no-box', 'There is no drop box to leave it in. Connect to a hub first.')
  }
  const fates: DropFate[] = []
  const kept = (): number => fates.filter(({ type }) => type === 'kept').length
  for (const box of receiver.boxes) {
    if (kept() < enough) fates.push(await leave(box, receiver.to, sealed, signal, ports))
  }
  for (const box of kept() > 0 ? [] : shared.slice(0, maxShared)) {
    if (kept() < enough) fates.push(await leave([box, ''], receiver.to, sealed, signal, ports))
  }
  return { id: sealed.id, nonce: drop.nonce, size: sealed.bytes.length, boxes: fates }
}

async function seal(
  { to, keys }: Receiver,
  payload: JsonObject,
  { identity, signer, crypto, clock, random }: DropPorts,
): Promise<{ readonly drop: Drop; readonly sealed: SealedDrop }> {
  const { type } = payload
  if (typeof type !== 'string' || type === '' || type.length > maxDropType) throw invalid(undefined)
  const drop: Drop = { from: identity, to, nonce: dropNonce(random(16)), at: clock.now(), payload }
  let sealed: Awaited<ReturnType<typeof sealDrop>>
  try {
    sealed = await sealDrop(drop, signer, keys, crypto)
  } catch (cause) {
    // JSON that is none cannot come of anything but our own caller.
    if (cause instanceof TypeError) throw invalid(cause)
    throw cause
  }
  if (sealed.ok) return { drop, sealed: sealed.value }
  if (sealed.error.code === 'too-large') {
    throw new EffigyError('drop-too-large', 'This is more than a drop box takes: 48 KiB. Publish it instead.')
  }
  throw new EffigyError('drop-no-key', 'The keys that they list cannot be sealed to.')
}

/** Never rejects but with the signal's reason. */
async function leave(
  [box, url]: Hub,
  to: Identity,
  { bytes }: SealedDrop,
  signal: AbortSignal,
  ports: DropPorts,
): Promise<DropFate> {
  const { clock, call } = ports
  const late = new AbortController()
  using _timer = clock.after(patienceMs, () => late.abort())
  const until = AbortSignal.any([signal, late.signal])
  try {
    const isHere = ports.isConnected(box)
    if (!isHere && url === '') return { type: 'refused', box, code: 'unreachable', retryMs: 0 }
    await using _connection = isHere ? null : ports.dial(writePeerAddress({ url, expect: box }))
    await _connection?.ready(until)
    const answer = await call(box, 'dropbox', 'put', { to }, { bytes, signal: until })
    if (!answer.ok) return { type: 'refused', box, ...answer.error }
    return { type: 'kept', box, until: clock.now() + keptMs(bytes.length, defaultDropLimits) }
  } catch (cause) {
    signal.throwIfAborted()
    if (!late.signal.aborted && !(cause instanceof EffigyError)) throw cause
    return { type: 'refused', box, code: 'unreachable', retryMs: 0 }
  }
}

function invalid(cause: unknown): EffigyError {
  const message = `A drop has a payload of strict JSON, with a type of 1 to ${maxDropType} characters.`
  return new EffigyError('drop-invalid', message, { cause })
}

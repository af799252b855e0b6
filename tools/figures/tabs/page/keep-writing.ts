/**
 * A tab that writes as fast as it can, until it dies.
 *
 *     openHere ─▶ keepWriting: publish, edit, delete, erase ─▶ told(event)…          heard(id) ─▶ it goes on
 *
 * @module
 */
import type { Cid, Payload, RawCid } from '@effigy/core'
import type { PagePeer, RemotePeer } from '@effigy/peer'
import { createRandom, type Random } from '@effigy/testkit'
import type { FileFacts, Operation } from '../../kills/events.ts'
import type { Follower, Opened, TabEvent, WritingOrder } from '../told.ts'

const patienceMs = 30_000

const tell = (event: TabEvent): void =>
  (globalThis as unknown as { told(text: string): void }).told(JSON.stringify(event))

/** A browser without a device becomes one, and the peer keeps a connection to its follower. */
export async function openHere(app: PagePeer, { address, identity: expect }: Follower): Promise<Opened> {
  const signal = AbortSignal.timeout(patienceMs)
  for await (const state of app.states(signal)) {
    if (state.type === 'new') await app.device.create()
    if (state.type === 'failed') throw new Error(`${state.code}: ${state.message}`)
    if (state.type !== 'open') continue
    await (await app.ready(signal)).connect(address, { expect })
    const { identity, continuity, storage } = state
    return { identity, continuity, persistence: storage.persistence, isGone: storage.isGone }
  }
  throw new Error('the peer did not open')
}

export async function keepWriting(app: PagePeer, { seed, writers, firstId }: WritingOrder): Promise<void> {
  const peer = await app.ready(AbortSignal.timeout(patienceMs))
  const random = createRandom(seed)
  let made = firstId
  tell({ type: 'opened' })
  for (let writer = 0; writer < writers; writer++) {
    void write(peer, random.fork(`writer ${writer}`), () => made++)
  }
}

/** Resolved when the driver has heard that they begin. */
const unheard = new Map<number, () => void>()

export function heard(id: number): void {
  unheard.get(id)?.()
  unheard.delete(id)
}

interface Mine {
  readonly content: RawCid
  readonly isNote: boolean
}

/** One of several at the same time. It changes only what it wrote itself. */
async function write(peer: RemotePeer, random: Random, nextId: () => number): Promise<void> {
  const mine: Mine[] = []
  for (;;) {
    const id = nextId()
    const target = mine.length > 4 && random.chance(0.2) ? random.pick(mine) : null
    const changes: readonly Operation[] = target?.isNote ? ['edit', 'delete', 'erase'] : ['delete', 'erase']
    const operation: Operation = target === null ? 'publish' : random.pick(changes)
    try {
      const { content, file } = await act(peer, random, id, operation, target?.content ?? null)
      if (target !== null) mine.splice(mine.indexOf(target), 1)
      if (content !== null) mine.push({ content, isNote: file === null })
      tell({ type: 'done', id, content, file, refused: false })
    } catch (cause) {
      const { code } = cause as { readonly code?: unknown }
      if (target !== null && code !== 'not-own-entry') mine.splice(mine.indexOf(target), 1)
      // Another writer rebased in between, so that the entry has another name.
      if (code === 'not-own-entry') tell({ type: 'done', id, content: null, file: null, refused: true })
      // The tab that had the peer went: it may have happened.
      else if (code !== 'interrupted') {
        tell({ type: 'failed', what: `${operation}: ${code ?? ''} ${String(cause)}` })
        return
      }
    }
  }
}

async function act(
  peer: RemotePeer,
  random: Random,
  id: number,
  operation: Operation,
  target: RawCid | null,
): Promise<{ readonly content: RawCid | null; readonly file: FileFacts | null }> {
  // A tab lives on for a moment when its browser is killed: what it then did would be told to nobody.
  const begin = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    unheard.set(id, resolve)
    tell({ type: 'begun', id, operation, targets: target === null ? [] : [target] })
    return promise
  }
  const at = Date.now()
  const text = `${id} ${random.seed} ${'word '.repeat(random.integer(40))}`
  if (target === null) {
    const { payload, file, detached } = await something(peer, random, text, at)
    await begin()
    const { content, record } = await peer.publish(payload, { detached })
    tell({ type: 'length', epoch: record.head.epoch, length: record.head.length })
    return { content, file }
  }
  const item = await peer.query.resolve(peer.identity, target)
  if (item === null) throw new Error(`${target} was acknowledged and is not there`)
  await begin()
  if (operation === 'edit') {
    const { content } = await peer.edit(item.cid, { type: 'public_note', at, text } as Payload)
    return { content, file: null }
  }
  if (operation === 'delete') await peer.remove([item.cid])
  else await peer.erase([target])
  return { content: null, file: null }
}

async function something(
  peer: RemotePeer,
  random: Random,
  text: string,
  at: number,
): Promise<{ readonly payload: Payload; readonly file: FileFacts | null; readonly detached: boolean }> {
  const kind = random.integer(12)
  if (kind < 10) {
    // A few of them are too large to travel beside their entry.
    const long = kind === 0 ? 'long '.repeat(4_000) : ''
    return {
      payload: { type: 'public_note', at, text: text + long } as Payload,
      file: null,
      detached: random.chance(0.5) || long !== '',
    }
  }
  const bytes = random.bytes(kind === 10 ? 500 : 300_000) as Uint8Array<ArrayBuffer>
  const added = await peer.addFile(new Blob([bytes]), { signal: AbortSignal.timeout(patienceMs) })
  const file: FileFacts = { root: added.root, size: added.size, hash: await hashOf(bytes) }
  const payload = {
    type: 'media',
    at,
    kind: 'document',
    blob: added.root as Cid,
    mime: 'text/plain',
    bytes: added.size,
    name: 'a',
    alt: text,
  }
  return { payload: payload as unknown as Payload, file, detached: random.chance(0.5) }
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

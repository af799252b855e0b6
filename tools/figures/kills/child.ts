/**
 * A process that writes as fast as it can until it is killed.
 *
 *     stdin: one Order ─▶ open the home ─▶ writers at once: publish, edit, delete, erase ─▶ stdout: Events
 *
 * @module
 */
import { hash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { EffigyError, encodeBase64url, encodeCompactHead, type Payload, type RawCid } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import { createHome, isHome, openNodePeer } from '@effigy/peer/node'
import { systemClock } from '@effigy/sync'
import { createRandom, type Random } from '@effigy/testkit'
import type { Event, FileFacts, Operation, Order } from './events.ts'
import { pngOf } from './picture.ts'

const stdout = 1

function tell(event: Event): void {
  const line = new TextEncoder().encode(`${JSON.stringify(event)}\n`)
  for (let at = 0; at < line.length; ) {
    try {
      at += writeSync(stdout, line, at)
    } catch (cause) {
      // The pipe is full for a moment: whoever reads it is alive.
      if ((cause as { code?: unknown }).code !== 'EAGAIN') throw cause
    }
  }
}

interface Mine {
  readonly content: RawCid
  readonly isNote: boolean
}

let made = 0

/** One of several that write at the same time. It changes only what it wrote itself. */
async function write(peer: Peer, random: Random): Promise<void> {
  const mine: Mine[] = []
  for (;;) {
    const id = made++
    const target = mine.length > 4 && random.chance(0.3) ? random.pick(mine) : null
    // Only notes are edited: the rest is deleted and erased.
    const changes: readonly Operation[] = target?.isNote ? ['edit', 'delete', 'erase'] : ['delete', 'erase']
    const operation: Operation = target === null ? 'publish' : random.pick(changes)
    try {
      const { content, file } = await act(peer, random, id, operation, target?.content ?? null)
      if (target !== null) mine.splice(mine.indexOf(target), 1)
      if (content !== null) mine.push({ content, isNote: file === null })
      tell({ type: 'done', id, content, file, refused: false })
    } catch (cause) {
      // Another writer rebased in between, so that the entry has another name: as for a person with two windows.
      if (cause instanceof EffigyError && cause.code === 'not-own-entry') {
        tell({ type: 'done', id, content: null, file: null, refused: true })
        continue
      }
      tell({ type: 'failed', what: `${operation}: ${cause instanceof Error ? cause.stack : String(cause)}` })
      return
    }
  }
}

async function act(
  peer: Peer,
  random: Random,
  id: number,
  operation: Operation,
  target: RawCid | null,
): Promise<{ readonly content: RawCid | null; readonly file: FileFacts | null }> {
  const begin = (): void => {
    tell({ type: 'begun', id, operation, targets: target === null ? [] : [target] })
  }
  const cid = target === null ? null : (peer.query.resolve(peer.identity, target)?.cid ?? null)
  const at = systemClock.now()
  const text = `${id} ${encodeBase64url(random.bytes(1 + random.integer(200)))}`
  if (target !== null && cid === null) throw new Error(`${target} was acknowledged and is not there`)
  if (target === null || cid === null) {
    const { payload, file, detached } = await something(peer, random, text, at)
    begin()
    const { content } = await peer.publish(payload, { detached })
    return { content, file }
  }
  begin()
  if (operation === 'edit') {
    const { content } = await peer.edit(cid, { type: 'public_note', at, text } as Payload)
    return { content, file: null }
  }
  if (operation === 'delete') await peer.remove([cid])
  else await peer.erase([target])
  return { content: null, file: null }
}

async function something(
  peer: Peer,
  random: Random,
  text: string,
  at: number,
): Promise<{ readonly payload: Payload; readonly file: FileFacts | null; readonly detached: boolean }> {
  const kind = random.integer(10)
  const detached = random.chance(0.5)
  if (kind < 7) {
    // A few of them are too large to travel beside their entry.
    const long = kind === 0 ? 'long '.repeat(4_000) : ''
    const isDetached = detached || long !== ''
    return {
      payload: { type: 'public_note', at, text: text + long } as Payload,
      file: null,
      detached: isDetached,
    }
  }
  const isPicture = kind === 7
  const bytes = isPicture ? pngOf(random) : random.bytes(kind === 8 ? 500 : 300_000)
  const added = await peer.addFile(oneChunk(bytes), { signal: new AbortController().signal })
  const file: FileFacts = { root: added.root, size: added.size, hash: hash('sha256', bytes) }
  const payload = isPicture
    ? { type: 'image', at, blob: added.root, mime: 'image/png', width: 1, height: 1, alt: text }
    : {
        type: 'media',
        at,
        kind: 'document',
        blob: added.root,
        mime: 'text/plain',
        bytes: added.size,
        name: 'a',
        alt: text,
      }
  return { payload: payload as unknown as Payload, file, detached }
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function work({ home, seed, writers }: Order): Promise<void> {
  if (!isHome(home)) await createHome(home)
  const warned: string[] = []
  const peer = await openNodePeer({
    home,
    clock: systemClock,
    log: { info() {}, warn: (event) => void warned.push(event) },
    verifyThreads: 0,
  })
  if (warned.length > 0) tell({ type: 'failed', what: `opening warned of ${warned.join(', ')}` })
  peer.store.watch(({ feeds }) => {
    const record = feeds.has(peer.identity) ? peer.store.feed(peer.identity)?.record : null
    if (record != null) tell({ type: 'head', record: encodeBase64url(encodeCompactHead(record)) })
  })
  tell({ type: 'opened' })
  const random = createRandom(seed)
  await Promise.all(
    Array.from({ length: writers }, (_, index) => write(peer, random.fork(`writer ${index}`))),
  )
}

tell({ type: 'ready' })
process.stdin.once('data', (line) => {
  work(JSON.parse(String(line)) as Order).catch((cause: unknown) => {
    tell({ type: 'failed', what: cause instanceof Error ? String(cause.stack) : String(cause) })
  })
})
// The one who ordered is gone: nobody would ever kill us.
process.stdin.once('end', () => process.exit(0))

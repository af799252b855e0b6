/** What a hub gives to who has no account, and what their browser believes of it (spec W30 to W34). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url, type Identity, parseBase64url, type RawCid, type Reference } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createHome, type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from '../../apps/hub/src/http/answer.ts'
import { createReading, filePath, notePath } from '../../apps/hub/src/reading/reading.ts'
import { checkNote } from '../../apps/web/src/screens/public-note/check-note.ts'
import { fileBlock, type ReferenceLink, rawLink } from '../../packages/store/src/files/reference.ts'
import { makePicture } from '../demo/pictures/make.ts'

const crypto = createNodeCrypto()
const folder = mkdtempSync(join(tmpdir(), 'effigy-reading-'))
const signal = AbortSignal.timeout(60_000)
let ada: NodePeer
let published: { readonly content: RawCid; readonly cid: RawCid }
let picture: Awaited<ReturnType<NodePeer['addFile']>>

beforeAll(async () => {
  const home = join(folder, 'ada')
  await createHome(home)
  ada = await openNodePeer({ home, clock: systemClock, log: silentLog, verifyThreads: 0 })
  await ada.account.create({ profile: { name: 'Ada' } })
  const box = encodeBase64url(ada.boxKey)
  await ada.publish({ type: 'identification', at: 1, name: 'Ada', about: '', avatar: null, hubs: [], box })
  const { bytes, mime, width, height } = makePicture({ type: 'scene', scene: 'map', seed: 'reading' })
  picture = await ada.addFile([bytes] as never, { signal })
  const image = { type: 'image', blob: picture.root, mime, width, height, alt: 'A map' } as const
  published = await ada.publish({
    type: 'public_note',
    at: 2,
    text: 'Hello, *everybody*.',
    attachments: [image],
  })
})
afterAll(async () => {
  await ada[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

function reader(isBlocked: (identity: Identity) => boolean = () => false) {
  const answer = createReading({
    ...{ store: ada.store, isBlocked, isShort: () => false, clock: systemClock },
  })
  return async (path: string, query: Readonly<Record<string, string>>): Promise<Answer> => {
    const asked = answer({ target: `${path}?${new URLSearchParams(query)}`, address: '192.0.2.1' })
    if (asked === null) throw new Error('it is not answered')
    return asked
  }
}

const nameOf = (content: RawCid = published.content) => ({ of: ada.identity, content })
const bodyOf = ({ body }: Answer): { items: { entry: string; body: string | null }[] } =>
  JSON.parse(String(body))
async function lengthOf({ body }: Answer): Promise<number> {
  let length = 0
  for await (const piece of body as AsyncIterable<Uint8Array>) length += piece.length
  return length
}
const asked = () => ({ identity: ada.identity, content: published.content })

/** A note that shows a file: 4 KiB by which it is no picture, then the same bytes again and again; what to ask for it. */
async function showParts(bytes: Uint8Array, ...counts: readonly number[]) {
  const head = rawLink(new Uint8Array(4096), crypto.sha256)
  ada.store.putBlock(head.cid, new Uint8Array(4096))
  let below = rawLink(bytes, crypto.sha256)
  ada.store.putBlock(below.cid, bytes)
  for (const count of counts) {
    const parts = [head, ...Array<ReferenceLink>(count).fill(below)]
    const size = head.size + below.size * count
    const block = fileBlock(parts, { size }, crypto.sha256)
    ada.store.putBlock(block.cid, block.bytes)
    below = { cid: block.cid, name: '', size, linkSize: size }
  }
  ada.pin(below.cid)
  ada.store.completeBlob(below.cid)
  const shown = { type: 'image', blob: below.cid, mime: 'image/png', width: 1, height: 1, alt: '' } as const
  const { content } = await ada.publish({ type: 'public_note', at: 7, text: '', attachments: [shown] })
  return { ...nameOf(content), file: below.cid, size: below.size }
}

describe('a hub', () => {
  test('[W30] gives a public note with its answers and who wrote them; [W31] a browser believes what is signed', async () => {
    const target: Reference = { ...asked(), entry: published.cid, synod: null }
    await ada.publish({ type: 'comment', at: 3, text: 'And good night.', target, thread: null })
    const answer = await reader()(notePath, nameOf())
    expect(answer.status).toBe(200)
    const note = await checkNote(bodyOf(answer), asked(), crypto)
    expect(note?.payload).toMatchObject({ text: 'Hello, *everybody*.' })
    expect(note?.answers.map(({ payload }) => payload)).toMatchObject([{ text: 'And good night.' }])
    expect(note?.profiles.get(ada.identity)?.payload.name).toBe('Ada')
  })

  test('[W32] gives nothing that is not for everybody, nor of whom it turns away', async () => {
    const read = reader()
    const secret = await ada.conversations.write([], { text: 'For me alone.' })
    const state = await ada.publish({
      type: 'mute',
      at: 4,
      target: { identity: ada.identity, root: null },
      value: false,
    })
    for (const { content } of [secret, state])
      expect((await read(notePath, nameOf(content))).status).toBe(404)
    expect((await reader(() => true)(notePath, nameOf())).status).toBe(404)
    expect((await read(notePath, { of: 'me', content: published.content })).status).toBe(400)
    const taken = await ada.publish({ type: 'public_note', at: 5, text: 'Oh no.' })
    await ada.erase([taken.content])
    expect((await read(notePath, nameOf(taken.content))).status).toBe(404)
  })

  test('[W33] gives the files that a note shows, and no others', async () => {
    const read = reader()
    const answer = await read(filePath, { ...nameOf(), file: picture.root })
    expect(answer.status).toBe(200)
    expect(await lengthOf(answer)).toBe(picture.size)
    const other = await ada.addFile([new TextEncoder().encode('a secret')] as never, { signal })
    expect((await read(filePath, { ...nameOf(), file: other.root })).status).toBe(404)
  })

  test('[W33] [B9] reads a file of many small parts in turns, and gives up one that says millions of them', async () => {
    const part = new Uint8Array(1024)
    const { size, ...few } = await showParts(part, 1_000)
    let turns = 0
    let turn = setImmediate(function count() {
      turns++
      turn = setImmediate(count)
    })
    expect(await lengthOf(await reader()(filePath, few))).toBe(size)
    clearImmediate(turn)
    expect(turns).toBeGreaterThan(100)
    const { size: claimed, ...many } = await showParts(part.subarray(0, 1), 6_000, 300)
    expect(claimed).toBeLessThan(4 * 1024 * 1024)
    expect((await reader()(filePath, many)).status).toBe(404)
  })

  test('[W34] answers each client at a pace', async () => {
    const read = reader()
    const statuses = []
    for (let at = 0; at < 21; at++) statuses.push((await read(notePath, { of: '', content: '' })).status)
    expect(statuses.at(0)).toBe(400)
    expect(statuses.at(-1)).toBe(429)
  })
})

describe('a browser', () => {
  const fetched = async () => bodyOf(await reader()(notePath, nameOf()))

  test('[W31] finds what was edited by the name that it had', async () => {
    const first = await ada.publish({ type: 'public_note', at: 6, text: 'On Friday.' })
    await ada.edit(first.cid, { type: 'public_note', at: 6, text: 'On Thursday.' })
    const answer = await reader()(notePath, nameOf(first.content))
    const note = await checkNote(bodyOf(answer), { ...asked(), content: first.content }, crypto)
    expect(note?.payload).toMatchObject({ text: 'On Thursday.' })
  })

  test('[W31] believes no bit that was changed, no other text, and no other note', async () => {
    const { items } = await fetched()
    const [note = { entry: '', body: null }, ...rest] = items
    const flipped = (text: string, at: number): string => {
      const bytes = parseBase64url(text) ?? new Uint8Array()
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ 1
      return encodeBase64url(bytes)
    }
    for (const at of [0, 30, 100, 250, -1 + (parseBase64url(note.entry)?.length ?? 1)]) {
      const changed = { ...note, entry: flipped(note.entry, at) }
      expect(await checkNote({ items: [changed, ...rest] }, asked(), crypto)).toBeNull()
    }
    const other = encodeBase64url(
      new TextEncoder().encode('{"type":"public_note","at":2,"text":"Buy this!"}'),
    )
    expect(await checkNote({ items: [{ ...note, body: other }, ...rest] }, asked(), crypto)).toBeNull()
    expect(await checkNote({ items: rest }, asked(), crypto)).toBeNull()
    const wrong = { ...asked(), content: published.cid }
    expect(await checkNote({ items }, wrong, crypto)).toBeNull()
  })

  test('never throws, whatever a hub says', async () => {
    const items = fc.array(
      fc.oneof(
        fc.json().map((text) => JSON.parse(text)),
        fc.record({ entry: fc.base64String(), body: fc.string() }),
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), fc.record({ items })), async (value) => {
        expect(await checkNote(value, asked(), crypto)).toBeNull()
      }),
      { numRuns: 60 },
    )
  })
})

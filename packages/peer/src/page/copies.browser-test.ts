/** Copies and backups of a browser, from its pages: real workers, stores on OPFS, vaults in IndexedDB. */
import type { Payload } from '@effigy/core'
import { expect, onTestFinished, test } from 'vitest'
import type { PagePeer } from '../remote/page-peer.ts'
import type { RemotePeer } from '../remote/remote-peer.ts'
import { connectPeer } from './connect-peer.ts'

const never = new AbortController().signal

function open(): PagePeer {
  const page = connectPeer({
    name: `copies-${crypto.randomUUID()}`,
    version: 1,
    createWorker: () =>
      new Worker(new URL('../../test/surroundings.worker.ts', import.meta.url), { type: 'module' }),
  })
  onTestFinished(async () => {
    await page.device.wipe().catch(() => {})
    await page[Symbol.asyncDispose]()
  })
  return page
}

async function withDevice(): Promise<{ page: PagePeer; peer: RemotePeer }> {
  const page = open()
  await page.device.create()
  return { page, peer: await page.ready(never) }
}

const note = (text: string): Payload => ({ type: 'public_note', at: Date.now(), text }) as never

async function writer(): Promise<{ page: PagePeer; peer: RemotePeer }> {
  const made = await withDevice()
  for (const text of ['one', 'two', 'three']) await made.peer.publish(note(text))
  return made
}

async function fileOf(pieces: AsyncIterable<Uint8Array>): Promise<Blob> {
  const parts: BlobPart[] = []
  for await (const piece of pieces) parts.push(piece as Uint8Array<ArrayBuffer>)
  return new Blob(parts)
}

function progress() {
  const told: number[] = []
  return {
    told,
    onProgress: ({ done, total }: { readonly done: number; readonly total: number }) =>
      void told.push(done / total),
  }
}

async function texts(peer: RemotePeer, identity = peer.identity): Promise<readonly unknown[]> {
  const { items } = (await peer.query.feedItems(identity, { limit: 10 })) as unknown as {
    readonly items: readonly { readonly state: { readonly payload?: { readonly text?: string } } }[]
  }
  return items.map(({ state }) => state.payload?.text)
}

test('[S57] [O10] everything goes into a file, and into a browser that has nothing; what is there is never buried', async () => {
  const { page, peer } = await writer()
  const out = progress()
  const file = await fileOf(page.device.exportAll({ signal: never, onProgress: out.onProgress }))
  expect(out.told.at(-1)).toBe(1)

  const other = open()
  await expect.poll(() => other.state.type, { timeout: 10_000 }).toBe('new')
  const cutOff = await other.device.importAll(file.slice(0, -50), { signal: never })
  expect(cutOff).toEqual({ ok: false, error: { code: 'copy-damaged' } })
  const into = progress()
  const taken = await other.device.importAll(file, { signal: never, onProgress: into.onProgress })
  expect(taken).toMatchObject({ ok: true, value: { missing: 0 } })
  expect(into.told).toEqual(into.told.toSorted((a, b) => a - b))
  expect(into.told.at(-1)).toBe(1)
  await other.device.create()
  const restored = await other.ready(never)
  expect(restored.identity).not.toBe(peer.identity)
  expect(await texts(restored, peer.identity)).toEqual(await texts(peer))
  // It is a device of its own, which wrote nothing before.
  expect(other.state).toMatchObject({ type: 'open', continuity: 'continued' })
  await restored.publish(note('as myself'))
  const again = await other.device.importAll(file, { signal: never })
  expect(again).toEqual({ ok: false, error: { code: 'store-not-empty' } })
  await other.ready(never)
  expect(await texts(restored)).toEqual(['as myself'])
})

test('[O15] [S13] [S57] where there are keys a copy is a restore: nothing is written; a file that is none changes nothing', async () => {
  const { page: source } = await writer()
  const file = await fileOf(source.device.exportAll({ signal: never }))
  const { page, peer } = await withDevice()
  const foreign = new Blob([new Uint8Array(100_000).fill(7)])
  expect(await page.device.importAll(foreign, { signal: never })).toMatchObject({
    error: { code: 'not-a-copy' },
  })
  const damaged = new Blob([file.slice(0, 20_000), new Uint8Array(9).fill(9), file.slice(20_009)])
  expect(await page.device.importAll(damaged, { signal: never })).toMatchObject({
    error: { code: 'copy-damaged' },
  })
  const stop = new AbortController()
  const aborted = page.device.importAll(file, { signal: stop.signal, onProgress: () => stop.abort() })
  await expect(aborted).rejects.toThrow()
  await page.ready(never)
  await expect
    .poll(() => page.state, { timeout: 10_000 })
    .toMatchObject({ type: 'open', continuity: 'continued' })
  expect(await page.device.importAll(file, { signal: never })).toMatchObject({ ok: true })
  await expect
    .poll(() => page.state, { timeout: 10_000 })
    .toMatchObject({ type: 'open', continuity: 'restored' })
  await expect(peer.publish(note('too early'))).rejects.toMatchObject({ code: 'restored' })
})

test('[Z11] [O2] a backup is taken in through the port', async () => {
  const { peer } = await writer()
  const passphrase = 'correct horse battery'
  const file = await fileOf(peer.backup({ to: { passphrase }, signal: never }))
  const { peer: other } = await withDevice()
  expect(await other.takeBackup(file, { key: null, signal: never })).toEqual({
    ok: false,
    error: { code: 'passphrase-needed' },
  })
  const { told, onProgress } = progress()
  const taken = await other.takeBackup(file, { key: { passphrase }, signal: never, onProgress })
  expect(taken).toMatchObject({
    ok: true,
    value: { isAuthentic: true, account: { device: peer.identity }, feeds: [{ added: 3 }] },
  })
  expect(told.at(-1)).toBe(1)
  expect(await texts(other, peer.identity)).toEqual(['three', 'two', 'one'])
})

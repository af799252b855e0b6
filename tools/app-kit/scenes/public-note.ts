/** A note that was passed on, for who has no account: with a picture and an answer, and one that is not there. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url, type ImageFile, type Payload } from '@effigy/core'
import { createHome, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { people } from '../../demo/people.ts'
import { makePicture, type PictureOrder } from '../../demo/pictures/make.ts'
import type { Scene } from '../scenes.ts'
import type { AppWorld } from '../world.ts'

/** Somebody writes a note at the hub, and is gone when it resolves. Gives the path of its link. */
export async function passOnNote(world: AppWorld, text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-author-'))
  await using undo = new AsyncDisposableStack()
  undo.defer(() => rmSync(folder, { recursive: true, force: true }))
  const signal = AbortSignal.timeout(30_000)
  await createHome(join(folder, 'rosa'))
  const peer = undo.use(
    await openNodePeer({ home: join(folder, 'rosa'), clock: systemClock, log: silentLog, verifyThreads: 0 }),
  )
  async function add(order: PictureOrder, alt: string): Promise<ImageFile> {
    const { bytes, mime, width, height, thumbhash } = makePicture(order)
    async function* once() {
      yield bytes
    }
    const { root } = await peer.addFile(once(), { signal })
    return { blob: root, mime, width, height, alt, thumbhash }
  }
  const [rosa] = people
  if (rosa === undefined) throw new Error('nobody lives in the village')
  const { name, about, looks } = rosa
  const avatar = await add({ type: 'portrait', looks, seed: 'rosa' }, name)
  await peer.account.create({ label: 'bakery', profile: { name } })
  const box = encodeBase64url(peer.boxKey)
  await peer.publish({ type: 'identification', at: Date.now(), name, about, avatar, hubs: [], box })
  const image = await add({ type: 'scene', scene: 'loaf', seed: 'gerald' }, 'A round dark loaf, steaming')
  const attachments = [{ type: 'image', ...image }]
  const at = Date.now() - 3_600_000
  const note = await peer.publish({ type: 'public_note', at, text, attachments } as Payload)
  const target = { identity: peer.identity, content: note.content, entry: note.cid, synod: null }
  const answer = 'Two are left. *Two.*'
  await peer.publish({ type: 'comment', at: Date.now(), text: answer, target, thread: null })
  await peer.connect(world.url, { expect: world.hub.identity }).ready(signal)
  await peer.settled(signal)
  const hasPictures = (): boolean =>
    [avatar.blob, image.blob].every((blob) => world.peer.store.blobState(blob).type === 'complete')
  for await (const isThere of world.peer.live(hasPictures, signal)) if (isThere) break
  return `/n/${peer.identity}/${note.content}`
}

export const publicNoteScenes: Readonly<Record<string, Scene>> = {
  async 'public-note'({ page }, world) {
    const path = await passOnNote(
      world,
      'Good morning, Ferrywell. The ovens are warm, Gerald has doubled overnight, and there are eleven loaves more than I have customers. **Come early, come hungry.**',
    )
    await page.goto(new URL(path, world.origin).href)
    await page.locator('article img').nth(1).waitFor()
  },
  async 'public-note-gone'({ page }, world) {
    const path = `/n/${world.hub.identity}/bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4`
    await page.goto(new URL(path, world.origin).href)
    await page.locator('main h2').first().waitFor()
  },
}

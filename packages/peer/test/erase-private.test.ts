/** Erasing what was said to some: its text goes from the disks of its readers, as that of a public one does. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openNodeStore } from '@effigy/store/node'
import { expect, onTestFinished, test } from 'vitest'
import { couple } from './account-kit.ts'
import { createWorld, type TestPeer, testCrypto, textOf } from './world.ts'

const said = ({ peer }: TestPeer, other: TestPeer): readonly string[] =>
  peer.conversations
    .messages(peer.conversations.nameOf([other.identity]))
    .items.map(textOf)
    .reverse()

const openedIn = (folder: string): string => {
  const files = readdirSync(folder).filter((name) => /\.(db|sqlite)$/.test(name))
  return files
    .map((file) => {
      using db = new DatabaseSync(join(folder, file), { readOnly: true })
      const isThere = db.prepare("select 1 from sqlite_schema where name = 'opened'").get() !== undefined
      return isThere ? JSON.stringify(db.prepare('select payload from opened').all()) : ''
    })
    .join()
}

test('[P9] [S7] an erased note for some is gone from the disk of its reader when its time has come, and is not opened again', async () => {
  await using world = createWorld('erase private')
  const home = mkdtempSync(join(tmpdir(), 'effigy-erased-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  await (
    await world.add('b1', {
      store: openNodeStore(home, { sha256: testCrypto.sha256, now: world.clock.now }),
    })
  ).stop()
  const { ann, bob } = await couple(world, ['a1'], ['b1'])
  const [a1, b1] = [ann[0]!, bob[0]!]
  const written = []
  for (const text of ['canary one', 'canary two', 'kept'])
    written.push(await a1.peer.conversations.write([b1.identity], { text }))
  await world.until(() => said(b1, a1).length === 3)
  for (const { content } of written.slice(0, 2)) await world.turn(a1.peer.erase([content]))
  await world.until(() => said(b1, a1).join() === 'kept')
  expect(b1.store.search('canary').items).toEqual([])
  for (let day = 0; day < 9; day++) {
    world.clock.jump(24 * 60 * 60 * 1000)
    b1.store.countDay()
  }
  b1.store.maintain()
  await world.turn(b1.peer.conversations.opened())
  expect(said(b1, a1)).toEqual(['kept'])
  await b1.stop()
  b1.store[Symbol.dispose]()
  const left = openedIn(home)
  expect(left).toContain('kept')
  expect(left).not.toContain('canary')
})

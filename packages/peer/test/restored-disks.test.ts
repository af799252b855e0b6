/** Disks that are put back, again and again: what was written before and after is all there in the end (T5). */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '@effigy/store'
import { openNodeStore } from '@effigy/store/node'
import { createRandom, testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createWorld, note, type TestPeer, testCrypto, textOf, texts, type World } from './world.ts'

interface Disk extends Disposable {
  /** Opens the peer on the disk as it is. */
  open(world: World, continuity?: 'restored'): Promise<TestPeer>
  /** Kills it and keeps a copy. */
  close(): Promise<void>
  save(name: string): void
  restore(name: string): void
}

function diskOf(name: string, folder: string): Disk {
  let store: Store | null = null
  let running: TestPeer | null = null
  let opened = 0
  const at = join(folder, name)
  return {
    async open(world, continuity) {
      store = openNodeStore(at, { sha256: testCrypto.sha256, now: world.clock.now })
      running = await world.add(`${name}${++opened}`, {
        store,
        signer: await testCrypto.signer(testSeed('alice')),
        boxKey: await testCrypto.agreementKey(testSeed('box of alice')),
        ...(continuity === undefined ? {} : { continuity }),
      })
      return running
    },
    async close() {
      await running?.stop()
      store?.[Symbol.dispose]()
      store = null
    },
    save: (copy) => cpSync(at, join(folder, copy), { recursive: true }),
    restore(copy) {
      rmSync(at, { recursive: true, force: true })
      cpSync(join(folder, copy), at, { recursive: true })
    },
    [Symbol.dispose]: () => store?.[Symbol.dispose](),
  }
}

test.for([
  { rounds: 30, from: null, what: 'a disk put back' },
  { rounds: 10, from: 3, what: '[X20] [X25] a disk put back, from before the feed was private too' },
])(
  '[F12] [F13] [T5] $rounds rounds of $what: forks are healed, every entry is there, two healers agree',
  { timeout: 120_000 },
  async ({ rounds, from }) => {
    const folder = mkdtempSync(join(tmpdir(), 'effigy-restored-'))
    try {
      await using world = createWorld('restored disks')
      const random = createRandom('restored disks')
      const bob = await world.add('bob')
      using disk = diskOf('alice', folder)
      using twin = diskOf('twin', folder)
      const written = new Set<string>()
      let copies = 0
      let healed = 0
      let rescued = 0
      const publish = async ({ peer }: TestPeer, text: string) => {
        await world.turn(peer.publish(note(text)))
        written.add(text)
      }
      let alice = await disk.open(world)
      const alike = () =>
        bob.store.feed(alice.identity)?.record?.head.head ===
          alice.peer.store.feed(alice.identity)?.record?.head.head &&
        texts(bob.store, alice.identity).length === written.size
      bob.peer.watch(alice.identity)
      await publish(alice, 'the first')
      for (let round = 1; round <= rounds; round++) {
        alice.peer.connect(bob.address)
        for (let count = random.integer(3); count >= 0; count--)
          await publish(alice, `${round} before ${count}`)
        await world.until(alike)
        if (round === from) {
          await world.turn(alice.peer.privateFeed.makePrivate({ to: [bob.identity] }))
          await world.until(alike)
        }
        await disk.close()
        disk.save(`copy ${copies++}`)
        // Any of the last copies, and none of the newest state.
        disk.restore(`copy ${Math.max(0, copies - 1 - random.integer(4))}`)
        alice = await disk.open(world, 'restored')
        alice.peer.writeAnyway()
        for (let count = random.integer(3); count >= 0; count--)
          await publish(alice, `${round} after ${count}`)
        // Under a new epoch, what is missing here would be lost to everybody.
        const newest = () => alice.peer.store.feedItems(alice.identity, { limit: 1 }).items[0]!
        const refused = alice.peer.remove([newest().cid])
        await expect(refused).rejects.toMatchObject({ code: 'restored' })
        alice.peer.connect(bob.address)
        await world.until(() => alike() || (alice.peer.dispute()?.branches ?? null) !== null)
        if (alice.peer.dispute() !== null) {
          await disk.close()
          disk.save('twin')
          const other = await twin.open(world)
          const theirs = await world.turn(other.peer.heal())
          await twin.close()
          rmSync(join(folder, 'twin'), { recursive: true, force: true })
          alice = await disk.open(world)
          const ours = await world.turn(alice.peer.heal())
          expect(theirs.head).toEqual(ours.head)
          healed++
          alice.peer.connect(bob.address)
        }
        rescued += alice.logged.filter(({ event }) => event === 'feed.rescued').length
        await world.until(alike)
        expect(new Set(texts(alice.peer.store, alice.identity))).toEqual(written)
        expect(new Set(texts(bob.store, alice.identity))).toEqual(written)
        if (random.integer(3) > 0) continue
        const gone = newest()
        written.delete(textOf(gone))
        await world.turn(alice.peer.remove([gone.cid]))
        await world.until(alike)
      }
      expect([healed > 0, rescued > 0]).toEqual([true, true])
      const sealed = Array.from(bob.store.chain(alice.identity), ({ signed }) => signed.sealed !== undefined)
      expect(new Set(sealed)).toEqual(new Set([from !== null]))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)

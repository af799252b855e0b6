/**
 * Old heads, replayed: nobody moves back, after rebases and restarts too (RELIABILITY T4).
 *
 *     alice writes and rebases ─every head she ever signed─▶ mallory ─any order─▶ bob, restarted now and then
 *
 * Mallory is a peer whose store knows one old head at a time, told as live and as asked for.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  compareHeads,
  concatBytes,
  encodeCompactHead,
  type HeadRecord,
  type Identity,
  identityKey,
  identityOfKey,
  type Payload,
} from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { memoryPair } from '@effigy/links'
import { defaultSessionLimits, openSession, publicNetworkKey, type Session, silentLog } from '@effigy/sync'
import { createFailures, type Figure, replay } from '../figure.ts'
import { createWorld, type Person, passWhile, type World } from '../world.ts'

/** Heads between two restarts of the one who hears them. */
const headsALife = 250

/** In one message, so that the order inside counts too. */
const headsAMessage = 5

export const heads: Figure = {
  name: 'heads',
  what: 'old heads replayed in any order over sessions, after rebases and restarts [T4]',
  unit: 'heads',
  short: 1_000,
  long: 100_000,
  notCovered: 'heads of a device whose key was stolen: those are new, and a fork (T5)',
  async run({ n, seed, tell = () => {} }) {
    const failures = createFailures()
    const counts = { 'moved back': 0, 'heads replayed': 0, 'heads ever signed': 0, restarts: 0 }
    const folder = mkdtempSync(join(tmpdir(), 'effigy-heads-'))
    try {
      await using world = createWorld(seed)
      const random = world.random.fork('replay')
      const alice = await world.person('alice')
      let bob = await world.person('bob', { folder })
      bob.peer.watch(alice.peer.identity)
      const records = await history(world, alice, bob)
      counts['heads ever signed'] = records.length
      const before = bob.peer.store.feed(alice.peer.identity)
      const newest = alice.peer.store.feed(alice.peer.identity)?.record ?? null
      // From here on nobody tells the truth.
      await alice.stop()
      if (newest === null || before?.record?.head.head !== newest.head.head) {
        failures.add('bob did not come up to date in the first place')
        return { counts, failures: failures.list }
      }
      const shown = (): string =>
        bob.peer.query
          .feedItems(alice.peer.identity)
          .items.map(({ cid }) => cid)
          .join()
      const items = shown()
      let liar = await meet(world, bob, alice.peer.identity)
      for (let done = 0; done < n; done += headsAMessage) {
        if (done > 0 && done % headsALife === 0) {
          await passWhile(world.clock, liar.end('done'))
          await bob.stop()
          bob = await world.person('bob', { folder })
          liar = await meet(world, bob, alice.peer.identity)
          counts.restarts++
        }
        const told = Array.from({ length: headsAMessage }, () => random.pick(records))
        const bytes = concatBytes(...told.map(encodeCompactHead))
        liar.send({ type: 'heads', count: told.length, online: 0 }, bytes)
        // Straight into the store too, as a file or another service may bring them.
        for (const record of told) bob.peer.store.acceptHead(record, { force: random.chance(0.5) })
        await world.clock.advance(20)
        counts['heads replayed'] += told.length
        const state = bob.peer.store.feed(alice.peer.identity)
        const isBack =
          state?.record == null ||
          compareHeads(state.record.head, newest.head) < 0 ||
          state.heldCount !== before.heldCount ||
          state.disputedAbove !== null ||
          shown() !== items
        if (isBack) {
          counts['moved back']++
          const heard = told.map(({ head }) => `${head.epoch}/${head.length}`).join(' ')
          failures.add(
            `after ${heard}: ${state?.record?.head.epoch}/${state?.record?.head.length}; ${replay('heads', n, seed)}`,
          )
        }
        tell(done)
      }
      await passWhile(world.clock, liar.end('done'))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    return { counts, failures: failures.list }
  },
}

/** Alice writes, edits, deletes and erases while Bob follows; gives every head she signed. */
async function history(world: World, alice: Person, bob: Person): Promise<readonly HeadRecord[]> {
  const records: HeadRecord[] = []
  const random = world.random.fork('history')
  bob.connect(alice)
  const note = (text: string): Payload => ({ type: 'public_note', at: alice.clock.now(), text }) as Payload
  for (let step = 0; step < 120; step++) {
    const own = alice.peer.query.feedItems(alice.peer.identity, { limit: 50 }).items
    const target = own.length > 5 ? random.pick(own) : null
    const kind = random.integer(10)
    if (target === null || kind < 7) records.push((await alice.peer.publish(note(`note ${step}`))).record)
    else if (kind === 7) records.push(await alice.peer.remove([target.cid]))
    else if (kind === 8) records.push((await alice.peer.erase([target.content])).record)
    else if (target.state.type === 'shown' && target.state.payload.type === 'public_note') {
      records.push((await alice.peer.edit(target.cid, note(`edited ${step}`))).record)
    }
    if (random.chance(0.3)) await world.clock.advance(500)
  }
  const isThere = (): boolean => {
    const own = alice.peer.store.feed(alice.peer.identity)
    const theirs = bob.peer.store.feed(alice.peer.identity)
    return theirs?.record?.head.head === own?.record?.head.head && theirs?.heldCount === own?.heldCount
  }
  await world.clock.runUntil(isThere, 120_000)
  return records
}

/** A session with somebody who tells what he likes. */
async function meet(world: World, bob: Person, feed: Identity): Promise<Session> {
  const crypto = createNodeCrypto()
  const signer = await crypto.signer(world.random.fork('mallory').bytes(32))
  const identity = identityOfKey(signer.publicKey)
  const [mine, theirs] = memoryPair()
  void bob.peer.accept(theirs)
  const opening = openSession(mine, {
    role: 'dialler',
    identity,
    signer,
    expect: bob.peer.identity,
    demandProof: false,
    networkKey: publicNetworkKey(crypto.sha256),
    pairingSecret: null,
    head: () => null,
    crypto,
    clock: world.clock,
    log: silentLog,
    limits: defaultSessionLimits,
    signal: new AbortController().signal,
  })
  const session = await passWhile(world.clock, opening)
  void drain(session)
  // Whoever watches a feed is asked about it, and then listened to.
  session.send({ type: 'watch', id: 1, count: 1, replace: true }, identityKey(feed))
  await world.clock.advance(2_000)
  return session
}

/** Hears everything, answers nothing. */
async function drain(session: Session): Promise<void> {
  for await (const _ of session.receive()) void _
}

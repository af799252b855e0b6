/**
 * Real peers in the page of a test: browser crypto, stores in memory, one link between them, real time.
 *
 * @module
 */
import { encodeBase64url, type Identity, type JsonObject, type Payload } from '@effigy/core'
import { createBrowserCrypto } from '@effigy/crypto/browser'
import { memoryPair } from '@effigy/links'
import { openBrowserStore } from '@effigy/store/browser'
import { silentLog, systemClock } from '@effigy/sync'
import { createRandom, testSeed } from '@effigy/testkit'
import { boxOwners } from '../src/box-owners.ts'
import { createPeer } from '../src/create-peer.ts'
import type { SentDrop } from '../src/drops/drops.ts'
import type { Peer, PeerDeps } from '../src/peer.ts'

export interface PagePeers extends AsyncDisposable {
  readonly alice: Peer
  readonly bob: Peer
  /** They meet, and follow each other. */
  meet(): Promise<void>
  /** A stranger leaves something for Alice in a box that keeps for whoever comes. */
  strangerDrops(payload: JsonObject): Promise<SentDrop>
}

const never = new AbortController().signal

export async function createPagePeers(seed: string): Promise<PagePeers> {
  const crypto = await createBrowserCrypto()
  const random = createRandom(seed)
  const stack = new AsyncDisposableStack()
  const peers = new Map<string, Peer>()

  const agreementKey = (name: string) => crypto.agreementKey(testSeed(`${seed} box of ${name}`))
  const keyOf = async (name: string) => (await agreementKey(name)).publicKey

  async function add(name: string, deps: Partial<PeerDeps> = {}): Promise<Peer> {
    const { sha256 } = crypto
    // A page has no files of its own, so this one is in memory.
    const opened = await openBrowserStore({
      name: `${seed}-${name}`.replaceAll(' ', '-'),
      sha256,
      now: Date.now,
      signal: never,
    })
    stack.use(opened)
    const boxKey = await agreementKey(name)
    const peer = await createPeer({
      store: opened.store,
      crypto,
      signer: await crypto.signer(testSeed(`${seed} ${name}`)),
      boxKey,
      random: (length) => random.bytes(length),
      clock: systemClock,
      log: silentLog,
      async dial(address) {
        const other = peers.get(address.replace(/^memory:/, ''))
        if (other === undefined) throw new Error(`nobody is ${address}`)
        const [near, far] = memoryPair()
        other.accept(far).catch(() => {})
        return near
      },
      ...deps,
    })
    await peer.publish({
      type: 'identification',
      at: Date.now(),
      name,
      about: '',
      avatar: null,
      hubs: [],
      box: encodeBase64url(boxKey.publicKey),
    } as Payload)
    peers.set(name, peer)
    stack.use(peer)
    return peer
  }

  const [alice, bob] = [await add('alice'), await add('bob')]
  return {
    alice,
    bob,
    async meet() {
      await alice.relate('follow', bob.identity, true)
      await bob.relate('follow', alice.identity, true)
      await alice.connect(`memory:bob#${bob.identity}`).ready(never)
    },
    async strangerDrops(payload) {
      const guests = new Set<Identity>()
      const box: Peer = await add('box', {
        kind: 'hub',
        admits: (identity) => guests.add(identity) !== undefined,
        tracks: (remote) => box.watch(remote),
        services: {
          dropBox: boxOwners(
            () => box.store,
            (identity) => guests.has(identity),
          ),
        },
      })
      const carol = await add('carol')
      for (const peer of [alice, carol]) await peer.connect(`memory:box#${box.identity}`).ready(never)
      const target = {
        to: alice.identity,
        keys: [await keyOf('alice')],
        boxes: [[box.identity, ''] as const],
      }
      return carol.drops.send(target, payload, { signal: never })
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

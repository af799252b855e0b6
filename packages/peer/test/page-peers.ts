/**
 * Real peers in the page of a test: browser crypto, stores in memory, one link between them, real time.
 *
 * @module
 */
import { encodeBase64url, type Payload } from '@effigy/core'
import { createBrowserCrypto } from '@effigy/crypto/browser'
import { memoryPair } from '@effigy/links'
import { openBrowserStore } from '@effigy/store/browser'
import { silentLog, systemClock } from '@effigy/sync'
import { createRandom, testSeed } from '@effigy/testkit'
import { createPeer } from '../src/create-peer.ts'
import type { Peer } from '../src/peer.ts'

export interface PagePeers extends AsyncDisposable {
  readonly alice: Peer
  readonly bob: Peer
  /** They meet, and follow each other. */
  meet(): Promise<void>
}

const never = new AbortController().signal

export async function createPagePeers(seed: string): Promise<PagePeers> {
  const crypto = await createBrowserCrypto()
  const random = createRandom(seed)
  const stack = new AsyncDisposableStack()
  const peers = new Map<string, Peer>()

  async function add(name: string): Promise<Peer> {
    const { sha256 } = crypto
    // A page has no files of its own, so this one is in memory.
    const opened = await openBrowserStore({
      name: `${seed}-${name}`.replaceAll(' ', '-'),
      sha256,
      now: Date.now,
      signal: never,
    })
    stack.use(opened)
    const boxKey = await crypto.agreementKey(testSeed(`${seed} box of ${name}`))
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
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/**
 * A peer that keeps its store in memory, for what the hub does around it.
 *
 * @module
 */
import { type Identity, identityOfKey } from '@effigy/core'
import { storageError } from '@effigy/store'
import type { Link } from '@effigy/sync'
import { testSigner } from '@effigy/testkit'
import type { HubPeer, PeerHooks } from '../src/hub.ts'

export interface FakePeer {
  readonly peer: HubPeer
  readonly hooks: PeerHooks
  readonly watched: Set<Identity>
  readonly links: Link[]
  readonly sessions: Set<Identity>
  readonly settings: Map<string, string>
  /** Bytes held of a feed; a feed named here has a head. */
  readonly held: Map<Identity, number>
  /** Codes of the `bye`s that were said. */
  readonly goodbyes: string[]
  closed: boolean
}

export async function testIdentity(name: string): Promise<Identity> {
  return identityOfKey((await testSigner(name)).publicKey)
}

export async function createFakePeer(
  hooks: PeerHooks,
  settings = new Map<string, string>(),
): Promise<FakePeer> {
  const identity = await testIdentity('hub')
  const fake: FakePeer = {
    hooks,
    settings,
    watched: new Set(),
    links: [],
    sessions: new Set(),
    held: new Map(),
    goodbyes: [],
    closed: false,
    peer: {
      identity,
      store: fakeStore(() => fake) as unknown as HubPeer['store'],
      watch: (feed: Identity) => void fake.watched.add(feed),
      unwatch: (feed: Identity) => void fake.watched.delete(feed),
      serve: () => ({ [Symbol.dispose]() {} }),
      async disconnect(code: string, identity?: Identity) {
        fake.goodbyes.push(code)
        if (identity === undefined) fake.sessions.clear()
        else fake.sessions.delete(identity)
      },
      async accept(link: Link) {
        fake.links.push(link)
        await link.closed
      },
      status: () => ({ sessions: [...fake.sessions].map((id) => ({ identity: id })) }) as never,
      async [Symbol.asyncDispose]() {
        fake.closed = true
      },
    },
  }
  return fake
}

function fakeStore(fakeOf: () => FakePeer) {
  const open = (): FakePeer => {
    const fake = fakeOf()
    if (fake.closed) throw storageError('closed')
    return fake
  }
  return {
    feed(identity: Identity) {
      const heldBytes = open().held.get(identity)
      return heldBytes === undefined ? null : { heldBytes, heldCount: 1, record: {} }
    },
    feeds() {
      const { held, watched } = open()
      return [...held]
        .filter(([identity]) => watched.has(identity))
        .map(([identity, heldBytes]) => ({ identity, heldBytes, heldCount: 1 }))
    },
    setting: (key: string) => open().settings.get(key) ?? null,
    saveSetting(key: string, value: string | null) {
      const { settings } = open()
      if (value === null) settings.delete(key)
      else settings.set(key, value)
    },
    saveSettings(values: Iterable<readonly [string, string | null]>) {
      for (const [key, value] of values) this.saveSetting(key, value)
    },
    watch: () => ({ [Symbol.dispose]() {} }),
    setQuota() {},
    blobUsage: () => {
      open()
      return { blocks: 3, bytes: 4_500_000, heldBytes: 0, quotaBytes: null }
    },
  }
}

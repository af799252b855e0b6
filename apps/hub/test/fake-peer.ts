/**
 * A peer that keeps its store in memory, for what the hub does around it.
 *
 * @module
 */
import { type Cid, type Identity, identityOfKey } from '@effigy/core'
import {
  createMemoryDrops,
  createMemoryLeases,
  type DropStore,
  type LeaseStore,
  storageError,
} from '@effigy/store'
import type { Link, Service } from '@effigy/sync'
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
  readonly services: Map<string, Service>
  readonly leases: LeaseStore
  readonly drops: DropStore
  readonly granted: Map<Identity, number>
  readonly takenDown: Set<Cid>
}

/** Of the only invite that it makes. */
export const inviteToken = `${'B'.repeat(42)}A`

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
    services: new Map(),
    leases: createMemoryLeases(),
    drops: createMemoryDrops(),
    granted: new Map(),
    takenDown: new Set(),
    peer: {
      identity,
      store: fakeStore(() => fake) as unknown as HubPeer['store'],
      watch: (feed: Identity) => void fake.watched.add(feed),
      unwatch: (feed: Identity) => void fake.watched.delete(feed),
      async disconnect(code: string, identity?: Identity) {
        fake.goodbyes.push(code)
        if (identity === undefined) fake.sessions.clear()
        else fake.sessions.delete(identity)
      },
      async accept(link: Link) {
        fake.links.push(link)
        await link.closed
      },
      turnAway(identities) {
        for (const identity of identities) fake.sessions.delete(identity)
      },
      connect: () => ({ address: '', state: { type: 'closed' } }) as never,
      call: async () => ({ ok: false, error: { code: 'not-connected', retryMs: null } }),
      serve(service) {
        fake.services.set(service.name, service)
        return { [Symbol.dispose]: () => void fake.services.delete(service.name) }
      },
      traffic: () =>
        [...fake.sessions].map((id) => ({
          identity: id,
          kind: 'peer' as const,
          since: 1_000,
          sentBytes: 20,
          receivedBytes: 10,
        })),
      kept: {
        endLease: (feed) => fake.leases.remove(feed),
        clearDrops: (to) => fake.drops.clear(to),
      },
      grant(other, bytes) {
        const before = fake.granted.get(other) ?? 0
        fake.granted.set(other, before + bytes)
      },
      balance(other) {
        const granted = fake.granted.get(other)
        return granted === undefined ? null : { identity: other, given: 0, taken: 0, granted, since: 0 }
      },
      joining: {
        isSigned: async () => true,
        ownInvite: async ({ url, count, lastsMs }: { url: string; count: number; lastsMs: number }) =>
          url.length > 255
            ? null
            : {
                invite: { until: Date.now() + lastsMs, count },
                link: `${url.replace(/^ws(.*)\/effigy.*$/, 'http$1')}/i/#effigy-invite-1-x`,
                token: inviteToken,
              },
      } as unknown as HubPeer['joining'],
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
    feedItems: () => ({ items: [], next: null }),
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
    profile: () => null,
    resolve: () => null,
    get leases() {
      return fakeOf().leases
    },
    get drops() {
      return fakeOf().drops
    },
    takeDowns: {
      add: (content: Cid) => void fakeOf().takenDown.add(content),
      remove: (content: Cid) => fakeOf().takenDown.delete(content),
      has: (content: Cid) => fakeOf().takenDown.has(content),
    },
    setQuota() {},
    blobUsage: () => {
      open()
      return { blocks: 3, bytes: 4_500_000, heldBytes: 0, quotaBytes: null }
    },
  }
}

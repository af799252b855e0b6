/**
 * Accounts for tests of the store: keys made of hashes, states that hang on their root as real ones do. Signatures
 * are made up, as the store checks none: who drives it says which are valid.
 *
 * @module
 */
import {
  encodeBase64url,
  type Final,
  type HeadRecord,
  type Identity,
  identityKey,
  type Move,
  nextOf,
  type Revoked,
  type Root,
  rootOf,
  type SignedEntry,
  type Synod,
  type SynodMember,
} from '@effigy/core'
import { followAll } from '../src/feeds/feed-table.ts'
import type { Store, WatchPolicy } from '../src/index.ts'
import { deliverAll, sourceOf } from './deliver.ts'
import { extend, headOf, sha256, testIdentity } from './feed-maker.ts'

const bytesOf = (text: string): Uint8Array => sha256(new TextEncoder().encode(text))
const signature = (text: string): string =>
  encodeBase64url(new Uint8Array([...bytesOf(text), ...bytesOf(`${text} `)]))

export interface TestAccount {
  readonly root: Root
  /** Synod key n. */
  key(n: number): Identity
  /** `words` tells moves of one key apart. */
  move(n: number, final: Final | null, to?: Identity): Move
  member(identity: Identity): SynodMember
  /** The feed of key n, one entry a state. */
  feed(n: number, states: readonly StateDraft[], below?: readonly SignedEntry[]): SignedEntry[]
}

export interface StateDraft {
  readonly members?: readonly Identity[]
  readonly revoked?: readonly Revoked[]
  readonly moves?: readonly Move[]
  readonly name?: string
}

export function testAccount(name: string, key0 = testIdentity(`${name} key 0`)): TestAccount {
  const key = (n: number): Identity => (n === 0 ? key0 : testIdentity(`${name} key ${n}`))
  const moveKey = (n: number): Uint8Array => bytesOf(`${name} move ${n}`)
  const next = (n: number): string => encodeBase64url(nextOf(moveKey(n), sha256))
  const recovery = encodeBase64url(bytesOf(`${name} recovery`))
  const root = rootOf(identityKey(key0), nextOf(moveKey(0), sha256), bytesOf(`${name} recovery`), sha256)
  const member = (identity: Identity): SynodMember => [
    identity,
    encodeBase64url(bytesOf(`box ${identity}`)),
    'device',
    1,
    signature(`${root} ${identity}`),
  ]
  const stateText = (n: number, draft: StateDraft): string => {
    const state: Synod = {
      type: 'synod',
      at: 1,
      root,
      identities: (draft.members ?? []).map(member),
      revoked: draft.revoked ?? [],
      next: next(n),
      recovery,
      origin: recovery,
      moves: draft.moves ?? [],
      name: draft.name ?? name,
      about: '',
      avatar: null,
      hubs: [],
      dropboxes: [],
    }
    return JSON.stringify(state)
  }
  return {
    root,
    key,
    member,
    move: (n, final, to = key(n + 1)) => ({
      root,
      from: key(n),
      to,
      final,
      next: next(n + 1),
      recovery,
      key: encodeBase64url(moveKey(n)),
      signature: signature(`move ${n}`),
      consent: signature(`consent ${n}`),
    }),
    feed: (n, states, below = []) =>
      extend(
        key(n),
        below,
        states.map((draft) => ({ payload: stateText(n, draft) })),
      ),
  }
}

/** The end of a chain, as a state names it. */
export function finalOf(chain: readonly SignedEntry[], epoch = 1): Final {
  const top = chain.at(-1) as SignedEntry
  return [epoch, top.entry.length, top.cid]
}

/** Watches a feed, and takes its head and all that the store asks for. */
export function hold(
  store: Store,
  chain: readonly SignedEntry[],
  { record = headOf(chain), policy = followAll }: { record?: HeadRecord; policy?: WatchPolicy } = {},
): void {
  const { identity } = (chain[0] as SignedEntry).entry
  store.watchFeed(identity, policy)
  store.acceptHead(record, { force: true })
  fetchAll(store, identity, chain)
}

/** Brings whatever is asked for, as far as somebody has it, and finds all signatures valid. */
export function fetchAll(
  store: Store,
  identity: Identity,
  ...chains: readonly (readonly SignedEntry[])[]
): void {
  deliverAll(store, identity, sourceOf(...chains))
  settleAll(store)
}

/** `isValid`: of signatures inside states. */
export function settleAll(store: Store, isValid = true): void {
  store.settle(store.unverified(100_000).map(({ id }) => ({ id, valid: true })))
  const { synods } = store
  if (synods === undefined) return
  synods.settleProofs(synods.unproven(1000).map(({ cid }) => ({ cid, valid: isValid })))
}

export const chainOf = (store: Store, identity: Identity): string[] =>
  [...store.chain(identity)].map(({ signed }) => signed.cid)

export const cids = (chain: readonly SignedEntry[]): string[] => chain.map(({ cid }) => cid)

/** What views show of an identity, oldest first. */
export const shownTexts = (store: Store, identity: Identity): string[] =>
  store
    .feedItems(identity, { limit: 500 })
    .items.flatMap(({ state }) =>
      state.type === 'shown' && state.payload.type === 'public_note' ? [state.payload.text] : [],
    )
    .reverse()

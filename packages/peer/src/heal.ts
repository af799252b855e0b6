/**
 * "Was this you?": a fork of one's own feed, and its end (spec F12).
 *
 *     two heads of one epoch ─▶ Dispute ─ a person says yes ─▶ one chain under the next epoch
 *
 * @module
 */
import {
  type ChainPoint,
  chainPoint,
  EffigyError,
  type HeadRecord,
  type Identity,
  planHealing,
  type Signer,
  signHead,
  signRebase,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import type { OwnEntry, Store, StoredEntry } from '@effigy/store'
import type { Dispute } from './peer.ts'
import { sealAbove } from './private-feed/sealing.ts'
import { noteOwnRebase } from './rescue.ts'

export interface HealDeps {
  readonly store: Pick<
    Store,
    'feed' | 'entryAt' | 'forkBranches' | 'replaceOwn' | 'setting' | 'saveSetting' | 'feedKeys'
  >
  readonly crypto: Pick<Crypto, 'sha256' | 'hmacSha256' | 'sealX'>
  readonly signer: Signer
  readonly identity: Identity
}

/** What of a feed is disputed; null when nothing is. */
export function disputeOf(store: Pick<Store, 'feed' | 'forkBranches'>, identity: Identity): Dispute | null {
  const above = store.feed(identity)?.disputedAbove ?? null
  if (above === null) return null
  const branches = store.forkBranches(identity)?.map(({ record: { head }, entries }) => ({
    head: head.head,
    entries: entries.length,
    from: entries[0]?.signed.entry.comparable ?? head.comparable,
    to: head.comparable,
  }))
  return { identity, above, branches: branches ?? null }
}

/**
 * Makes one chain of all branches, durable when it resolves. Two devices that heal the same branches write the
 * same chain. Throws `EffigyError`: 'not-disputed', 'fork-incomplete'.
 */
export async function healFork(deps: HealDeps): Promise<HeadRecord> {
  const { store, crypto, signer, identity } = deps
  const state = store.feed(identity)
  const common = state?.disputedAbove ?? null
  if (state?.record == null || common === null) {
    throw new EffigyError('not-disputed', 'Nothing about this device is disputed. There is nothing to heal.')
  }
  const known = state.record.head
  const branches = store.forkBranches(identity)
  const [first] = branches ?? []
  if (branches === null || first === undefined) throw incomplete()
  const base = common === 0 ? null : pointAt(store, identity, common)
  const plan = planHealing(
    base,
    branches.map(({ entries }) => entries),
  )
  if (plan === null) throw incomplete()

  const bodies = new Map(branches.flatMap(({ entries }) => entries.map((one) => [one.content, one.body])))
  const own: OwnEntry[] = []
  let bytes = first.record.head.bytes
  for (const { signed } of first.entries) bytes -= signed.bytes.length
  const seal = sealAbove(deps, base ?? lowestOf(branches.map(({ entries }) => entries)))
  for await (const entry of signRebase(plan, signer, identity, crypto.sha256, seal)) {
    const content = plan.sources[own.length]?.content
    own.push({ entry, body: content === undefined ? null : (bodies.get(content) ?? null) })
    bytes += entry.bytes.length
  }
  const top = own.at(-1)?.entry
  if (top === undefined) throw incomplete()
  const { cid, length, comparable } = chainPoint(top)
  const epoch = known.epoch + 1
  const record = await signHead({ identity, epoch, length, comparable, bytes, head: cid }, signer)
  // A branch that came while this was signed is healed with the others.
  if (store.feed(identity)?.record?.head.head !== known.head) return healFork(deps)
  store.replaceOwn(common, own, record)
  noteOwnRebase(store, base, record)
  return record
}

/** Where the branches share nothing: one that is sealed stays so, and the others go under its seal. */
function lowestOf(branches: readonly (readonly StoredEntry[])[]): ChainPoint | null {
  const points = branches.flatMap(([lowest]) => (lowest === undefined ? [] : [chainPoint(lowest.signed)]))
  return points.find(({ keyId }) => keyId !== undefined) ?? points[0] ?? null
}

function pointAt(store: HealDeps['store'], identity: Identity, length: number): ChainPoint {
  const stored = store.entryAt(identity, length)
  if (stored === null) throw incomplete()
  return chainPoint(stored.signed)
}

function incomplete(): EffigyError {
  const message = 'Not everything that is disputed is here yet. Stay connected, then answer again.'
  return new EffigyError('fork-incomplete', message)
}

/**
 * The end of a fork of one's own feed (spec F12), also of one of which something is with nobody (F14).
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
  signHead,
  signRebase,
} from '@effigy/core'
import type { OwnEntry, Store } from '@effigy/store'
import { type BeginDeps, beginOver, keyIdsOf, lowestOf } from './begin-anew.ts'
import { givenUp } from './given-up.ts'
import { noteOwnHealing } from './private-feed/healed.ts'
import { sealAbove } from './private-feed/sealing.ts'
import { noteOwnRebase } from './rescue.ts'
import { saveGivenUp } from './write-anew.ts'

export interface HealDeps extends BeginDeps {
  readonly store: BeginDeps['store'] & Pick<Store, 'entryAt' | 'forkBranches'>
}

/**
 * Makes one chain of all branches, durable when it resolves. Two devices that heal the same branches write the
 * same chain. Throws `EffigyError`: 'not-disputed', 'fork-incomplete'.
 */
export async function healFork(deps: HealDeps): Promise<HeadRecord> {
  const { store, crypto, signer, identity } = deps
  const state = store.feed(identity)
  const common = state?.disputedAbove ?? null
  if (state?.record == null || common === null) throw notDisputed()
  const known = state.record.head
  const branches = store.forkBranches(identity)
  const [first] = branches ?? []
  if (branches === null || first === undefined || !branches.every(({ isWhole }) => isWhole))
    throw incomplete()
  // Neither of them: somebody knows of more.
  if (store.entry(known.head) === null) throw incomplete()
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
  const keyIds = keyIdsOf(
    base,
    branches.map(({ entries }) => entries),
  )
  noteOwnHealing(store, identity, [known.epoch, epoch], keyIds)
  // Given up once, and here after all.
  const isHere = new Set(branches.map(({ record: { head } }) => head.head))
  const wants = givenUp(store)
  if (wants.some(({ head }) => isHere.has(head)))
    saveGivenUp(
      store,
      wants.filter(({ head }) => !isHere.has(head)),
    )
  return record
}

/**
 * The same with what is here of the branches; what is missing of them is given up, and asked for from then on. Throws as
 * `healFork` does: 'fork-incomplete' while signatures wait to be checked, or when another head came meanwhile.
 */
export async function healPieces(deps: HealDeps): Promise<HeadRecord> {
  const { store, identity } = deps
  const { record: known = null, disputedAbove = null } = store.feed(identity) ?? {}
  if (known === null || disputedAbove === null) throw notDisputed()
  const pieces = store.forkBranches(identity, { doubts: true })
  if (pieces === null) throw incomplete()
  const lost = pieces.filter(({ isWhole }) => !isWhole).map(({ record }) => record)
  const isNamed = lost.some(({ head }) => head.head === known.head.head)
  if (!isNamed && store.entry(known.head.head) === null) lost.push(known)
  if (lost.length === 0) return healFork(deps)
  // A branch that is not wholly here may leave the chain anywhere.
  const over = { known, lost, isSameChain: false, beside: pieces.map(({ entries }) => entries) }
  const record = await beginOver(deps, over)
  if (record === null) throw incomplete()
  return record
}

function pointAt(store: HealDeps['store'], identity: Identity, length: number): ChainPoint {
  const stored = store.entryAt(identity, length)
  if (stored === null) throw incomplete()
  return chainPoint(stored.signed)
}

function notDisputed(): EffigyError {
  return new EffigyError('not-disputed', 'Nothing about this device is disputed. There is nothing to heal.')
}

function incomplete(): EffigyError {
  const message = 'Not everything that is disputed is here yet. Stay connected, then answer again.'
  return new EffigyError('fork-incomplete', message)
}

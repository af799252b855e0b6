/**
 * The owner's part (spec Z20 to Z22): gives out shares, and remembers to whom.
 *
 *     words ─split▶ shares ─age▶ one entry a custodian        own state: who they are, and what proves their share
 *
 * @module
 */
import {
  type Authority,
  EffigyError,
  encodeBase64url,
  type Identity,
  isPhraseOf,
  type Json,
  type JsonObject,
  maxCustodians,
  parseBase64url,
  parseIdentity,
  parseRoot,
  type RandomBytes,
  type Root,
  readersOf,
  type Signer,
} from '@effigy/core'
import { type Crypto, sealAge } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { loadSharing, loadWords } from '#later'
import type { OwnAccount } from '../account/own-account.ts'
import type { OwnState } from '../own/state.ts'
import { keysIn } from '../private/readers.ts'
import { isSameKeys } from '../publish.ts'
import { rehearsalKey } from './held.ts'
import type { SplitOptions, Splitting } from './recovery.ts'
import { sharePayload, shareSigned } from './share.ts'

export interface OwnerPorts {
  readonly store: Store
  readonly crypto: Crypto
  readonly identity: Identity
  readonly signer: Signer
  readonly random: RandomBytes
  readonly clock: Clock
  readonly own: Pick<OwnAccount, 'authority'>
  /** Those in the vault. */
  readonly phrase: () => string | null
  readonly state: OwnState
  /** Publishes a sealed text as an entry; throws as `publish` does. */
  readonly publish: (text: string) => Promise<unknown>
  readonly assertMayWrite: () => void
}

export interface Owner {
  splitting(): Splitting | null
  split(options: SplitOptions): Promise<Splitting>
  /** What rehearsals go by; null: there is no splitting. */
  entrusted(): { readonly set: string; readonly custodians: readonly Entrusted[] } | null
}

const stateKey = 'recovery/split'

/** A custodian as own state knows it: the key by which a rehearsal is checked stands beside it. */
export interface Entrusted {
  readonly identity: Identity
  readonly root: Root
  readonly rehearsal: Uint8Array
}

export function createOwner(ports: OwnerPorts): Owner {
  const { store, crypto, identity, signer, random, clock, own, state } = ports

  const recorded = (): Recorded | null => readRecord(state.value(stateKey))

  /** Of an account that this device knows; its readers are asked again right before each use (T21). */
  function custodianOf(typed: Identity): { readonly identity: Identity; readonly root: Root } {
    const root = store.synods?.accountOf(typed) ?? null
    const authority = root === null ? null : (store.synods?.account(root) ?? null)
    if (authority === null || readersOf(authority) === null) {
      const message = `No account of ${typed} is known here. Follow them first, and let their newest state come.`
      throw new EffigyError('custodian-unknown', message)
    }
    return { identity: authority.identity, root: authority.root }
  }

  async function sealedTo(root: Root, payload: JsonObject): Promise<string> {
    const recipients = (): readonly Uint8Array[] => {
      const authority = store.synods?.account(root) ?? null
      const readers = authority === null ? null : readersOf(authority)
      return readers === null ? [] : keysIn(readers)
    }
    for (;;) {
      const readers = recipients()
      const sealed = await sealAge({
        from: identity,
        context: 'share',
        body: payload,
        recipients: readers,
        crypto,
      })
      if (!sealed.ok) throw new EffigyError('custodian-unknown', 'A custodian has no key to seal a share to.')
      const after = recipients()
      if (isSameKeys(readers, after)) return sealed.value
    }
  }

  return {
    splitting: () => recorded()?.splitting ?? null,
    entrusted() {
      const record = recorded()
      return record === null ? null : { set: record.splitting.set, custodians: record.custodians }
    },
    async split({ phrase, custodians: typed, threshold, signal }) {
      ports.assertMayWrite()
      const authority = own.authority()
      if (authority === null) throw new EffigyError('no-account', 'This device belongs to no account.')
      const { splitEntropy } = await loadSharing()
      const entropy = await wordsOf(authority, phrase ?? ports.phrase(), crypto)
      const custodians = typed.map(custodianOf)
      assertChoice(custodians, threshold, authority.root)
      const at = clock.now()
      const set = encodeBase64url(random(16))
      const common = { set, threshold, count: custodians.length }
      const shares = await splitEntropy(entropy, common, crypto.sha256)
      entropy.fill(0)
      const account = { identity: authority.identity, root: authority.root }
      const texts: string[] = []
      for (const [index, share] of shares.entries()) {
        const { root } = custodians[index] as Entrusted
        const payload = sharePayload(await shareSigned({ ...common, account, share, at }, signer))
        texts.push(await sealedTo(root, payload as unknown as JsonObject))
      }
      signal.throwIfAborted()
      // The record first: cut off here, a rehearsal shows who got nothing.
      const entrusted = custodians.map((each, index) => ({
        ...each,
        rehearsal: rehearsalKey(shares[index] as Uint8Array, set, crypto),
      }))
      await state.set([[stateKey, writeRecord({ set, threshold, at }, entrusted)]])
      for (const text of texts) await ports.publish(text)
      return { set, threshold, at, custodians }
    },
  }
}

/** The bytes behind the words, after a look whether they are those that the account has now. */
async function wordsOf(authority: Authority, typed: string | null, { sha256 }: Crypto): Promise<Uint8Array> {
  if (typed === null) {
    throw new EffigyError(
      'phrase-needed',
      'The words are not on this device any more. Type them from the paper.',
    )
  }
  const { phraseEntropy, phraseOf, phraseSeed, wrongPhrase } = await loadWords()
  const phrase = phraseOf(typed)
  if (!isPhraseOf(authority, await phraseSeed(phrase), sha256)) throw wrongPhrase()
  return phraseEntropy(phrase)
}

function assertChoice(custodians: readonly { readonly root: Root }[], threshold: number, self: Root): void {
  if (custodians.some(({ root }) => root === self)) {
    throw new EffigyError('custodian-self', 'Nobody keeps a share of their own account. Choose other people.')
  }
  if (new Set(custodians.map(({ root }) => root)).size !== custodians.length) {
    throw new EffigyError('custodian-twice', 'One person was named twice. Each custodian has one share.')
  }
  const { length } = custodians
  const isWhole = Number.isSafeInteger(threshold) && threshold >= 2 && threshold <= length
  if (!isWhole || length > maxCustodians) {
    const message = `Choose 2 to ${maxCustodians} custodians, of whom at least 2 and at most all are needed.`
    throw new EffigyError('custodian-count', message)
  }
}

function writeRecord(
  { set, threshold, at }: Pick<Splitting, 'set' | 'threshold' | 'at'>,
  custodians: readonly Entrusted[],
): Json {
  const list = custodians.map(({ identity, root, rehearsal }) => [identity, root, encodeBase64url(rehearsal)])
  return { set, threshold, at, custodians: list }
}

interface Recorded {
  readonly splitting: Splitting
  readonly custodians: readonly Entrusted[]
}

/** What an own device wrote; one that was stolen may have written anything. */
function readRecord(value: Json | null): Recorded | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { set, threshold, at, custodians } = value as JsonObject
  const isHead = typeof set === 'string' && typeof threshold === 'number' && typeof at === 'number'
  if (!isHead || parseBase64url(set)?.length !== 16 || !Array.isArray(custodians)) return null
  const read = custodians.slice(0, maxCustodians).flatMap((each): readonly Entrusted[] => {
    const [first, second, third] = (Array.isArray(each) ? (each as readonly Json[]) : []).map(String)
    const identity = parseIdentity(first ?? '')
    const root = parseRoot(second ?? '')
    const rehearsal = parseBase64url(third ?? '')
    if (identity === null || root === null || rehearsal?.length !== 32) return []
    return [{ identity, root, rehearsal }]
  })
  const listed = read.map(({ identity, root }) => ({ identity, root }))
  return { splitting: { set, threshold, at, custodians: listed }, custodians: read }
}

/**
 * Every single-bit mutant of valid entries, and entries in the wrong place (RELIABILITY T1).
 *
 *     entry ─flip each bit─▶ decodeEntry ─refused, or▶ verify ─refused, or▶ ACCEPTED: a failure
 *
 * A mutant that decodes is a well-formed entry of the key that it names, so only its signature
 * tells. Those go through the threads that check signatures behind a sync.
 *
 * @module
 */
import { availableParallelism } from 'node:os'
import {
  type Cid,
  chainPoint,
  decodeEntry,
  type Entry,
  encodeBase64url,
  entryCheck,
  type HeadRecord,
  headCheck,
  type Identity,
  identityOfKey,
  judgeHead,
  judgeLink,
  rawCidOfDigest,
  type SignatureCheck,
  type SignedEntry,
  type Signer,
  signEntry,
  signHead,
  utf8,
  writeEntryJson,
} from '@effigy/core'
import { createNodeCrypto, createVerifyPool } from '@effigy/crypto/node'
import { openNodeStore } from '@effigy/store/node'
import { createRandom, mutations, type Random } from '@effigy/testkit'
import { createFailures, type Failures, type Figure, replay } from '../figure.ts'

/** Checked together: what two threads have in hand. */
const groupLength = 2048

/** Entries of one author's feed. */
const feedLength = 20

const crypto = createNodeCrypto()
const { sha256 } = crypto

interface Author {
  readonly identity: Identity
  readonly signer: Signer
}

export const mutants: Figure = {
  name: 'mutants',
  what: 'entries with each bit flipped; authors, signatures, places and heads swapped [T1]',
  unit: 'entries',
  short: 200,
  long: 10_000,
  notCovered: 'mutants of more than one bit (see `decoders` and the properties of core)',
  async run({ n, seed, tell = () => {} }) {
    const random = createRandom(seed)
    const failures = createFailures()
    await using pool = createVerifyPool({ threads: Math.min(2, availableParallelism()) })
    let tried = 0
    let verified = 0
    let accepted = 0
    let group: { readonly check: SignatureCheck; readonly what: string }[] = []
    const settle = async (): Promise<void> => {
      const checked = group
      group = []
      verified += checked.length
      const verdicts = await pool.verify(checked.map(({ check }) => check))
      for (const [index, isValid] of verdicts.entries()) {
        if (!isValid) continue
        accepted++
        failures.add(`${checked[index]?.what}; ${replay('mutants', n, seed)}`)
      }
    }
    const running = new Set<Promise<void>>()
    const take = async (check: SignatureCheck, what: string): Promise<void> => {
      group.push({ check, what })
      if (group.length < groupLength) return
      const work = settle().finally(() => running.delete(work))
      running.add(work)
      // Two groups under way keep the threads busy and the memory small.
      if (running.size > 2) await Promise.race(running)
    }

    let done = 0
    for (let feed = 0; done < n; feed++) {
      const chance = random.fork(`feed ${feed}`)
      const author = await newAuthor(chance)
      const chain = await feedOf(author, Math.min(feedLength, n - done), chance)
      for (const entry of chain) {
        let bit = -1
        for (const mutant of mutations(entry.bytes)) {
          bit++
          tried++
          const decoded = decodeEntry(mutant, sha256)
          if (!decoded.ok) continue
          await take(entryCheck(decoded.value), `bit ${bit} of entry ${entry.entry.length} of feed ${feed}`)
        }
      }
      const other = await newAuthor(chance)
      const theirs = await feedOf(other, chain.length, chance)
      for (const check of forgeries(chain, theirs)) {
        tried++
        await take(check.check, check.what)
      }
      tried += misplaced(chain, theirs, failures)
      tried += await wrongHeads(author, chain, other, theirs, failures)
      done += chain.length
      tell(done)
    }
    await settle()
    await Promise.all(running)
    return {
      counts: {
        'accepted mutants': accepted,
        'mutants tried': tried,
        'well formed and refused by their signature': verified - accepted,
      },
      failures: failures.list,
    }
  },
}

async function newAuthor(random: Random): Promise<Author> {
  const signer = await crypto.signer(random.bytes(32))
  return { identity: identityOfKey(signer.publicKey), signer }
}

/** About 500 bytes an entry, with every field in use somewhere. */
async function feedOf({ identity, signer }: Author, count: number, random: Random): Promise<SignedEntry[]> {
  const chain: SignedEntry[] = []
  for (let length = 1; length <= count; length++) {
    const below = chain.at(-1)
    const blob = rawCidOfDigest(random.bytes(32))
    const isDetached = random.chance(0.3)
    const text = 'é€😀 or plain words '.slice(random.integer(6)).repeat(1 + random.integer(6))
    const entry: Entry = {
      identity,
      parent: below?.cid ?? null,
      length,
      comparable: (below?.entry.comparable ?? 1_700_000_000_000) + 1 + random.integer(100_000),
      synod: random.chance(0.3) ? [identity, rawCidOfDigest(random.bytes(32))] : null,
      links: isDetached ? [[blob as Cid, 100 + random.integer(10_000)]] : [],
      payload: isDetached
        ? blob
        : JSON.stringify({ type: 'public_note', at: 1_700_000_000_000 + length, text }),
    }
    chain.push(await signEntry(entry, signer, sha256))
  }
  return chain
}

/** Well-formed entries that nobody signed so: the signature of one under the fields of another. */
function* forgeries(
  mine: readonly SignedEntry[],
  theirs: readonly SignedEntry[],
): Generator<{ readonly check: SignatureCheck; readonly what: string }> {
  for (const [index, entry] of mine.entries()) {
    const other = theirs[index]
    const next = mine[(index + 1) % mine.length]
    if (other === undefined || next === undefined) continue
    const swaps: readonly (readonly [string, Entry, Uint8Array])[] = [
      ['another author', { ...entry.entry, identity: other.entry.identity }, entry.signature],
      ["another author's payload", { ...entry.entry, payload: other.entry.payload }, entry.signature],
      ["another author's parent", { ...entry.entry, parent: other.entry.parent }, entry.signature],
      ["another entry's signature", entry.entry, next.signature],
      ["another author's signature", entry.entry, other.signature],
    ]
    for (const [what, fields, signature] of swaps) {
      if (writeEntryJson(fields) === writeEntryJson(entry.entry) && signature === entry.signature) continue
      if (mine.length === 1 && signature === entry.signature) continue
      const bytes = utf8(`${writeEntryJson(fields)}\n${encodeBase64url(signature)}`)
      const decoded = decodeEntry(bytes, sha256)
      // What does not decode is refused already.
      if (decoded.ok) yield { check: entryCheck(decoded.value), what: `${what} at ${entry.entry.length}` }
    }
    // The same bytes signed for another purpose.
    yield {
      check: { ...entryCheck(entry), message: entry.bytes.subarray(0, entry.bytes.length - 87) },
      what: `without the prefix of its purpose at ${entry.entry.length}`,
    }
  }
}

/** Valid entries where they do not belong: the rules of feeds, and the store behind them, refuse each. */
function misplaced(mine: readonly SignedEntry[], theirs: readonly SignedEntry[], failures: Failures): number {
  let tried = 0
  const [first] = mine
  if (first === undefined) return 0
  const { identity } = first.entry
  for (const [index, entry] of mine.entries()) {
    const below = index === 0 ? null : (mine[index - 1] as SignedEntry)
    const point = below === null ? null : chainPoint(below)
    for (const [other, candidate] of mine.entries()) {
      if (other === index) continue
      tried++
      if (judgeLink(identity, point, candidate) === null)
        failures.add(`entry ${other + 1} was taken for entry ${index + 1} of its feed`)
    }
    const foreign = theirs[index]
    if (foreign === undefined) continue
    tried++
    if (judgeLink(identity, point, foreign) === null)
      failures.add(`an entry of another feed was taken at ${entry.entry.length}`)
  }
  return tried
}

/** Heads that name what is not theirs, each rightly signed by somebody; and what a store makes of them. */
async function wrongHeads(
  author: Author,
  mine: readonly SignedEntry[],
  other: Author,
  theirs: readonly SignedEntry[],
  failures: Failures,
): Promise<number> {
  using store = openNodeStore(':memory:', { sha256, now: () => 1_800_000_000_000 })
  store.watchFeed(author.identity, { depth: { type: 'all' }, blobs: { type: 'all' } })
  store.watchFeed(other.identity, { depth: { type: 'all' }, blobs: { type: 'all' } })
  let tried = 0
  const top = theirs.at(-1)
  if (top === undefined) return 0
  // The author himself names another's entry as his head: nothing of the other's becomes his.
  const stolen = await headOf(author, top, theirs)
  tried++
  if (judgeHead(stolen.head, top) === null) failures.add('a head was taken over an entry of another feed')
  store.acceptHead(stolen)
  for (const identity of [author.identity, other.identity]) {
    tried++
    const outcome = store.appendRun({ identity, entries: theirs, bodies: new Map() })
    if (outcome.type === 'appended') failures.add(`a run of one feed was appended under another's head`)
  }
  tried++
  if ([...store.chain(author.identity)].length > 0) failures.add("entries of one feed are shown as another's")
  // Another signs a head for the author's key.
  const forged: HeadRecord = await signHead(
    { ...stolen.head, head: mine.at(-1)?.cid ?? top.cid },
    other.signer,
  )
  tried++
  const [isValid] = await crypto.verify([headCheck(forged)])
  if (isValid !== false) failures.add('a head signed by another key was accepted')
  return tried
}

function headOf(
  { identity, signer }: Author,
  top: SignedEntry,
  chain: readonly SignedEntry[],
): Promise<HeadRecord> {
  const { length, comparable } = top.entry
  const bytes = chain.reduce((sum, entry) => sum + entry.bytes.length, 0)
  return signHead({ identity, epoch: 1, length, comparable, bytes, head: top.cid }, signer)
}

/**
 * Rows of `synod_states` and `synod_moves`: what verdicts are made of (spec S30, S31).
 *
 *     verified entry ─claimState▶ row, unproven ─signatures inside▶ proven │ gone
 *
 * @module
 */
import {
  cidDigest,
  claimState,
  decodeEntry,
  encodeBase64url,
  type Identity,
  identityKey,
  identityOfKey,
  type Move,
  nextOf,
  type ProvenState,
  parseBase64url,
  type RawCid,
  type Root,
  rawCidOfDigest,
  type Sha256,
  type SignatureCheck,
  type SignedEntry,
  type StateClaim,
} from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'
import { storageError } from '../storage-error.ts'

/**
 * States that are kept of one synod key: the highest by (length, CID), those above its end the first to go, so which
 * they are does not depend on the order in which they came. An account needs one for each device that joins or goes.
 */
const maxStatesOfKey = 256

const unchanged = { row: null, evicted: [] } as const

/** Moves of one root that came alone: those that win (Y3). Only who has the move key can make more. */
const maxLooseMoves = 32

/**
 * Bytes of entries whose states are kept parsed at hand: all that followers hold of an account that moved as often as it
 * can, or each new state would have them read all others again, for a third of a second.
 */
const maxParsedBytes: number = 16 * 1024 * 1024

/** A state whose entry is verified, and the signatures inside it are not. */
export interface UnprovenState {
  readonly cid: RawCid
  /** All must be valid. */
  readonly checks: readonly SignatureCheck[]
}

export interface StateRow {
  readonly cid: RawCid
  readonly root: Root
  readonly identity: Identity
  readonly proven: boolean
  /** Whether an effect that hangs on it holds, by the last verdict. */
  readonly counts: boolean
}

export interface StateTable {
  /**
   * Adds the state of a verified entry; the least epoch counts. `end`: the length at which a move ended that key.
   * Gives its row when something changed, else null, and the roots of which states had to go for it.
   */
  add(
    signed: SignedEntry,
    epoch: number,
    isProven: boolean,
    end: number | null,
  ): { readonly row: StateRow | null; readonly evicted: readonly Root[] }
  find(cid: RawCid): StateRow | null
  prove(cid: RawCid): void
  delete(cid: RawCid): void
  setCounts(cid: RawCid, counts: boolean): void
  unproven(limit: number): readonly UnprovenState[]
  /** Of which proven states are here. */
  roots(): Iterable<Root>
  /** Proven ones, and whether each counted by the last verdict. */
  countsOf(root: Root): readonly { readonly cid: RawCid; readonly counts: boolean }[]
  /** Proven ones. */
  ofRoot(root: Root): readonly ProvenState[]
  /** False: nothing here ties it to the account. */
  addMove(move: Move, hash: Uint8Array): boolean
  movesOf(root: Root): readonly Move[]
  /** Roots that were of no use since then, the longest first. */
  idleSince(before: number, limit: number): readonly Root[]
  /** Who wrote its states, proven or not. */
  keysOf(root: Root): readonly Identity[]
  /** It is of use now. */
  use(root: Root, at: number): void
  /** States, moves and all. */
  deleteRoot(root: Root): void
}

type Row = {
  readonly cid: Uint8Array
  readonly root: Root
  readonly identity: Uint8Array
  readonly epoch: number
  readonly proven: number
  readonly counts: number
}

const columns = 'cid, root, identity, epoch, proven, counts'

/** A state that had to go so often does not come back: two that contradict each other would push each other out for ever. */
const maxComebacks = 4

/** States that are remembered to have gone. */
const maxGone = 65_536

/** `now`: wall clock, ms. */
export function createStateTable(db: Sqlite, sha256: Sha256, now: () => number): StateTable {
  /** The longest unused first. */
  const parsed = new Map<string, { readonly claim: StateClaim; readonly size: number }>()
  let parsedBytes = 0

  /** The claim of a row: its bytes were one when they came. */
  function claimOf(cid: Uint8Array, epoch: number, bytes: () => Uint8Array) {
    const name = `${encodeBase64url(cid)} ${epoch}`
    const known = parsed.get(name)
    if (known !== undefined) {
      parsed.delete(name)
      parsed.set(name, known)
      return known.claim
    }
    const entry = bytes()
    const decoded = decodeEntry(entry, () => cid)
    const claim = decoded.ok ? claimState(decoded.value, epoch, sha256) : null
    if (claim === null) throw storageError('storage-damaged')
    parsed.set(name, { claim, size: entry.length })
    parsedBytes += entry.length
    for (const [oldest, { size }] of parsed) {
      if (parsedBytes <= maxParsedBytes) break
      parsed.delete(oldest)
      parsedBytes -= size
    }
    return claim
  }

  /** How often, by name; the longest unchanged first. */
  const gone = new Map<string, number>()

  function noteGone(cid: Uint8Array): void {
    const name = encodeBase64url(cid)
    const times = (gone.get(name) ?? 0) + 1
    gone.delete(name)
    gone.set(name, times)
    if (gone.size <= maxGone) return
    for (const oldest of gone.keys()) {
      gone.delete(oldest)
      break
    }
  }

  const bytesOf = (cid: Uint8Array): Uint8Array => {
    const row = db.first<{ bytes: Uint8Array }>('select bytes from synod_states where cid = ?', cid)
    if (row === null) throw new Error('a state that was just found is there')
    return row.bytes
  }

  function find(cid: RawCid): StateRow | null {
    const row = db.first<Row>(`select ${columns} from synod_states where cid = ?`, cidDigest(cid))
    return row === null ? null : stateRow(row)
  }

  const table: StateTable = {
    add(signed, epoch, isProven, end) {
      const { cid } = signed
      const digest = cidDigest(cid)
      const known = db.first<Row>(`select ${columns} from synod_states where cid = ?`, digest)
      if (known !== null) {
        if (epoch >= known.epoch && (!isProven || known.proven === 1)) return unchanged
        const proven = isProven ? 1 : known.proven
        const least = Math.min(epoch, known.epoch)
        db.run('update synod_states set epoch = ?, proven = ? where cid = ?', least, proven, digest)
        return { row: stateRow({ ...known, epoch: least, proven }), evicted: [] }
      }
      const claim = claimState(signed, epoch, sha256)
      if (claim === null || (gone.get(encodeBase64url(digest)) ?? 0) > maxComebacks) return unchanged
      const { root } = claim.proven.state
      const identity = identityKey(signed.entry.identity)
      db.run('insert or ignore into synod_roots (root, used) values (?, ?)', root, now())
      db.run(
        `insert into synod_states (cid, root, identity, length, epoch, proven, bytes) values (?, ?, ?, ?, ?, ?, ?)`,
        digest,
        root,
        identity,
        signed.entry.length,
        epoch,
        isProven ? 1 : 0,
        signed.bytes,
      )
      const evicted = Array.from(
        db.rows<{ cid: Uint8Array; root: Root }>(
          `delete from synod_states where id in (
             select id from synod_states where identity = ?
             order by length > ?, length desc, cid desc limit -1 offset ${maxStatesOfKey}
           ) returning cid, root`,
          identity,
          end ?? Number.MAX_SAFE_INTEGER,
        ),
        (evictedRow) => {
          noteGone(evictedRow.cid)
          return evictedRow.root
        },
      )
      return { row: find(cid), evicted }
    },
    find,
    prove: (cid) => {
      db.run('update synod_states set proven = 1 where cid = ?', cidDigest(cid))
    },
    delete: (cid) => {
      noteGone(cidDigest(cid))
      db.run('delete from synod_states where cid = ?', cidDigest(cid))
    },
    setCounts: (cid, counts) => {
      db.run('update synod_states set counts = ? where cid = ?', counts ? 1 : 0, cidDigest(cid))
    },
    unproven: (limit) =>
      [
        ...db.rows<{ cid: Uint8Array; epoch: number; bytes: Uint8Array }>(
          'select cid, epoch, bytes from synod_states where proven = 0 order by id limit ?',
          limit,
        ),
      ].map(({ cid, epoch, bytes }) => ({
        cid: rawCidOfDigest(cid),
        checks: claimOf(cid, epoch, () => bytes).checks,
      })),
    roots: () =>
      Array.from(
        db.rows<{ root: Root }>('select distinct root from synod_states where proven = 1'),
        ({ root }) => root,
      ),
    countsOf: (root) =>
      Array.from(
        db.rows<Row>(`select ${columns} from synod_states where root = ? and proven = 1`, root),
        stateRow,
      ),
    ofRoot: (root) =>
      [
        ...db.rows<{ cid: Uint8Array; epoch: number }>(
          'select cid, epoch from synod_states where root = ? and proven = 1',
          root,
        ),
      ].map(({ cid, epoch }) => claimOf(cid, epoch, () => bytesOf(cid)).proven),
    addMove(move, hash) {
      // Anybody can sign a move with two keys of his own: what ties it is the commitment of the key it leaves (D5).
      const committed = encodeBase64url(nextOf(parseBase64url(move.key) ?? new Uint8Array(0), sha256))
      const states = table.ofRoot(move.root).filter(({ state, identity }) => {
        return identity === move.from ? state.next === committed : state.moves.some(isCommitment)
      })
      function isCommitment({ from, key, to, next }: Move): boolean {
        return (to === move.from && next === committed) || (from === move.from && key === move.key)
      }
      if (states.length === 0 && !table.movesOf(move.root).some(isCommitment)) return false
      db.run(
        'insert or ignore into synod_moves (root, hash, move) values (?, ?, ?)',
        move.root,
        hash,
        JSON.stringify(move),
      )
      db.run(
        `delete from synod_moves where root = ?1 and hash not in (
           select hash from synod_moves where root = ?1 order by hash limit ${maxLooseMoves}
         )`,
        move.root,
      )
      return true
    },
    movesOf: (root) =>
      [...db.rows<{ move: string }>('select move from synod_moves where root = ? order by hash', root)].map(
        ({ move }) => JSON.parse(move) as Move,
      ),
    idleSince: (before, limit) =>
      Array.from(
        db.rows<{ root: Root }>(
          'select root from synod_roots where used < ? order by used limit ?',
          before,
          limit,
        ),
        ({ root }) => root,
      ),
    keysOf: (root) =>
      Array.from(
        db.rows<{ identity: Uint8Array }>('select distinct identity from synod_states where root = ?', root),
        ({ identity }) => identityOfKey(identity),
      ),
    use: (root, at) => {
      db.run('update synod_roots set used = ? where root = ?', at, root)
    },
    deleteRoot(root) {
      for (const name of ['synod_states', 'synod_moves', 'synod_roots']) {
        db.run(`delete from ${name} where root = ?`, root)
      }
    },
  }
  return table
}

function stateRow({ cid, root, identity, proven, counts }: Row): StateRow {
  return {
    cid: rawCidOfDigest(cid),
    root,
    identity: identityOfKey(identity),
    proven: proven === 1,
    counts: counts === 1,
  }
}

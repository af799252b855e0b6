/**
 * Entries that carry something sealed and were not opened here yet (spec S, X5).
 *
 *     entry with `age:`, `box:` ─Projector.show▶ shut (untried) ─peer tries its keys─▶ gone: `opened` has its text
 *                                                                └─▶ tried: waits for another key
 *
 * Noted as entries come, so that finding the few sealed ones among very many costs nothing, and remembered with the keys
 * that were tried, so that nothing is tried twice: neither at the next start, nor for a key that says nothing of it.
 *
 * @module
 */
import {
  type Identity,
  identityOfKey,
  parseRawCid,
  parseUtf8,
  type RawCid,
  rawCidOfDigest,
} from '@effigy/core'
import type { Changes } from '../changes.ts'
import type { ProjectedEntry } from '../projector.ts'
import { place } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import { feedIdOf } from '../views/items.ts'
import { shutState as stateOf } from './tables.ts'

/** A sealed text, and whose it is. */
export interface ShutEntry {
  /** Names it here. */
  readonly id: number
  readonly identity: Identity
  readonly cid: RawCid
  readonly content: RawCid
  readonly length: number
  /** `age:…` or `box:…`; null: it is not here, or it is nothing that is sealed. */
  readonly text: string | null
  /** Its text is known already: somebody told it, or it was written here. */
  readonly isOpened: boolean
}

export interface StayedShut {
  readonly serial: number
  readonly identity: Identity
  readonly content: RawCid
}

export interface OpenedText {
  readonly identity: Identity
  readonly content: RawCid
  /** A payload's strict JSON text. */
  readonly text: string
}

export interface ShutEntries {
  /** Feeds with entries that no key was tried on yet; those whose signatures are not checked yet are not among them. */
  feeds(): readonly Identity[]
  /** Up to `limit` of them, oldest first. */
  untried(identity: Identity, limit: number): readonly ShutEntry[]
  /** Feeds with `box:` entries that were not tried with all keys up to `newest`; `tried`: up to which all of them were. */
  boxFeeds(newest: number): readonly { readonly identity: Identity; readonly tried: number }[]
  /** No key up to `newest` is for the `box:` entries of that feed. */
  skipBoxes(identity: Identity, newest: number): void
  /** Up to `limit` of them. */
  boxes(identity: Identity, tried: number, limit: number): readonly ShutEntry[]
  /** None of our keys opens these: they wait for another one. `tried`: the newest content read key. */
  keepShut(ids: readonly number[], kind: 'age' | 'box' | 'textless', tried: number): void
  /** These need not be tried any more. */
  drop(ids: readonly number[]): void
  /** Plaintexts that the peer found (`Store.rememberOpened`), in one transaction. Their entries are dropped by `drop`. */
  remember(opened: readonly OpenedText[]): void
  /** There is another key of our own: everything that stayed shut is tried again, and what was opened is opened once more. */
  tryAllAgain(): void
  /** The same for the `box:` entries of one feed: more keys may open them. */
  tryBoxesAgain(identity: Identity): void
  /** The least length of an `age:` entry of a feed that was tried and stayed shut; null: none. `above`: a length. */
  lowestShut(identity: Identity, above?: number): number | null
  /** `age:` entries that stayed shut, in the order in which that turned out, behind `serial`. */
  shutAfter(serial: number, limit: number): readonly StayedShut[]
}

/** The part that sees the entries come and go. */
export interface ShutProjector {
  show(entry: ProjectedEntry): void
  showNew(entries: readonly ProjectedEntry[]): void
  hide(entryId: number): void
}

type Row = {
  readonly id: number
  readonly identity: Uint8Array
  readonly cid: Uint8Array
  readonly content: Uint8Array
  readonly length: number
  /** Of a sealed entry what was inside. */
  readonly bytes: Uint8Array
  readonly body: Uint8Array | null
  readonly opened: number
}

const rowColumns = `e.id, f.identity, e.cid, e.content, e.length, coalesce(e.inner, e.bytes) as bytes, b.bytes as body,
  s.state <> ${stateOf.again} and exists (select 1 from opened o where o.feed = e.feed and o.content = e.content) as opened`
const rowTables =
  'shut s join entries e on e.id = s.entry join feeds f on f.id = s.feed left join bodies b on b.entry = s.entry'
const isVerified = 'not exists (select 1 from unverified u where u.first <= s.entry and u.last >= s.entry)'
const isUntried = `s.state in (${stateOf.untried}, ${stateOf.again})`

/** A newline and 86 characters of signature behind the JSON (E2). */
const signatureLength = 87

export function createShutEntries(
  db: Sqlite,
  changes: Pick<Changes, 'commit'>,
  /** Blocks of payloads that are too large for `bodies`. */
  block: (cid: RawCid) => Uint8Array | null,
  rememberOpened: (identity: Identity, content: RawCid, text: string) => void,
): ShutEntries & { readonly projector: ShutProjector } {
  function textOf({ bytes, body, content }: Row): string | null {
    const json = parseUtf8(bytes.subarray(0, bytes.length - signatureLength))
    // These bytes were an entry when they were stored.
    const payload = json === null ? '' : (JSON.parse(json) as { readonly payload: string }).payload
    if (isSealed(payload)) return payload
    if (parseRawCid(payload) === null) return null
    const bytesOfText = body ?? block(rawCidOfDigest(content))
    const text = bytesOfText === null ? null : parseUtf8(bytesOfText)
    return text !== null && isSealed(text) ? text : null
  }

  const entryOf = (row: Row): ShutEntry => ({
    id: row.id,
    identity: identityOfKey(row.identity),
    cid: rawCidOfDigest(row.cid),
    content: rawCidOfDigest(row.content),
    length: row.length,
    // A page of long ones would fill the memory.
    get text() {
      return textOf(row)
    },
    isOpened: row.opened === 1,
  })

  const identities = (rows: Iterable<{ identity: Uint8Array }>): readonly Identity[] =>
    Array.from(rows, ({ identity }) => identityOfKey(identity))

  function note({ id, feed, payload, type }: ProjectedEntry): void {
    if (payload !== null || type !== 0) return
    db.run(
      `insert into shut (entry, feed, state, tried) values (?, ?, ${stateOf.untried}, 0)
       on conflict do update set state = ${stateOf.untried} where state = ${stateOf.textless}`,
      id,
      feed,
    )
  }

  const lastSerial = (): number =>
    db.first<{ serial: number }>('select coalesce(max(serial), 0) as serial from shut where serial > 0')
      ?.serial ?? 0

  const remove = (id: number): void => void db.run('delete from shut where entry = ?', id)

  return {
    feeds: () =>
      identities(
        db.rows<{ identity: Uint8Array }>(
          `select f.identity from feeds f where f.id in (select distinct feed from shut s where ${isUntried})
           and exists (select 1 from shut s where ${isUntried} and s.feed = f.id and ${isVerified})`,
        ),
      ),
    untried: (identity, limit) =>
      Array.from(
        db.rows<Row>(
          `select ${rowColumns} from ${rowTables}
           where ${isUntried} and s.feed = ? and ${isVerified} order by e.length limit ?`,
          feedIdOf(db, identity),
          limit,
        ),
        entryOf,
      ),
    boxFeeds: (newest) =>
      Array.from(
        db.rows<{ identity: Uint8Array; tried: number }>(
          `select f.identity, min(s.tried) as tried from shut s join feeds f on f.id = s.feed
           where s.state = ${stateOf.box} and s.tried < ? group by s.feed`,
          newest,
        ),
        ({ identity, tried }) => ({ identity: identityOfKey(identity), tried }),
      ),
    skipBoxes: (identity, newest) =>
      changes.commit(() => {
        db.run(
          `update shut set tried = ?2 where state = ${stateOf.box} and feed = ?1 and tried < ?2`,
          feedIdOf(db, identity),
          newest,
        )
      }),
    boxes: (identity, tried, limit) =>
      Array.from(
        db.rows<Row>(
          `select ${rowColumns} from ${rowTables}
           where s.state = ${stateOf.box} and s.feed = ? and s.tried < ? and ${isVerified} order by e.length limit ?`,
          feedIdOf(db, identity),
          tried,
          limit,
        ),
        entryOf,
      ),
    keepShut(ids, kind, tried) {
      changes.commit(() => {
        let serial = kind === 'age' ? lastSerial() : 0
        for (const id of ids) {
          if (kind === 'age') serial++
          db.run(
            'update shut set state = ?, tried = ?, serial = ? where entry = ?',
            stateOf[kind],
            tried,
            serial,
            id,
          )
        }
      })
    },
    drop: (ids) => changes.commit(() => ids.forEach(remove)),
    remember: (opened) =>
      changes.commit(() => {
        for (const { identity, content, text } of opened) rememberOpened(identity, content, text)
      }),
    tryAllAgain: () =>
      changes.commit(() => {
        db.run(`update shut set state = ${stateOf.untried} where state = ${stateOf.age}`)
        db.run(
          `insert into shut (entry, feed, state, tried)
           select e.id, e.feed, ${stateOf.again}, 0 from entries e
           where e.feed in (select distinct feed from opened) and e.place = ${place.chain} and e.type = 0
           and e.hidden_at is null
           and exists (select 1 from opened o where o.feed = e.feed and o.content = e.content)
           on conflict do update set state = ${stateOf.again}, tried = 0`,
        )
      }),
    tryBoxesAgain: (identity) =>
      changes.commit(() => {
        db.run(
          `update shut set state = ${stateOf.untried} where state = ${stateOf.box} and feed = ?`,
          feedIdOf(db, identity),
        )
      }),
    lowestShut: (identity, above = 0) =>
      db.first<{ length: number | null }>(
        `select min(e.length) as length from shut s join entries e on e.id = s.entry
         where s.state = ${stateOf.age} and s.feed = ? and e.length > ?
         and not exists (select 1 from opened o where o.feed = e.feed and o.content = e.content)`,
        feedIdOf(db, identity),
        above,
      )?.length ?? null,
    shutAfter: (serial, limit) =>
      Array.from(
        db.rows<{ serial: number; identity: Uint8Array; content: Uint8Array }>(
          `select s.serial, f.identity, e.content from shut s join entries e on e.id = s.entry join feeds f on f.id = s.feed
           where s.serial > 0 and s.serial > ? and s.state = ${stateOf.age}
           and not exists (select 1 from opened o where o.feed = e.feed and o.content = e.content)
           order by s.serial limit ?`,
          serial,
          limit,
        ),
        (row) => ({
          serial: row.serial,
          identity: identityOfKey(row.identity),
          content: rawCidOfDigest(row.content),
        }),
      ),
    projector: {
      show(entry) {
        if (entry.payload === null) note(entry)
        else remove(entry.id)
      },
      showNew: (entries) => entries.forEach(note),
      hide: remove,
    },
  }
}

const isSealed = (text: string): boolean => text.startsWith('age:') || text.startsWith('box:')

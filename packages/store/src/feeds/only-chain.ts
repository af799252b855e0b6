/**
 * Makes the chain below one head the only one, whatever was shown before (spec S33): for ends that an account sets,
 * and for when one is taken back.
 *
 *     head ─lineage of all that is here▶ shown        everything else of the feed ─▶ hidden
 *
 * @module
 */
import { cidDigest, equalBytes, type Head } from '@effigy/core'
import { place } from '../schema.ts'
import type { FeedContext } from './context.ts'
import { signedEntry } from './entry-table.ts'
import type { Feed } from './feed-table.ts'
import { showRows } from './forks.ts'
import { type Lineage, lineageOf } from './lineage.ts'
import { hideRun, takeOff, takeOffAbove } from './places.ts'

/** With null nothing of the feed is shown. The caller saves the feed. */
export function showChain(context: FeedContext, feed: Feed, head: Head | null): void {
  const { runs } = context
  feed.disputedAbove = null
  if (head === null) {
    takeOffAbove(context, feed, 0, place.hidden)
    hideBranches(context, feed, null)
    feed.broken = null
    feed.chainEpoch = 0
    return
  }
  const { lineage, broken } = soundLineage(context, feed, head)
  const isSameEpoch = feed.chainEpoch === head.epoch
  for (const run of runs.all(feed.id)) {
    const landing = lineage.landings.find((each) => each.run.first === run.first)
    if (landing !== undefined && landing.at < run.last) {
      takeOff(context, feed, landing.at + 1, run.last, place.hidden)
      runs.put(feed.id, { ...run, last: landing.at })
    }
    // What lies below a gap may be of this chain: the entries in between will tell (`connect`).
    const mayBelong = isSameEpoch && lineage.end.type === 'open' && run.last < lineage.end.length
    if (landing === undefined && !mayBelong) hideRun(context, feed, run)
  }
  hideBranches(context, feed, lineage)
  feed.chainEpoch = head.epoch
  feed.broken = broken
  showRows(context, feed, lineage.rows.toReversed())
  if (head.epoch === 1) noteStates(context, feed)
  for (const { run } of lineage.landings) {
    const kept = runs.holding(feed.id, run.first)
    if (kept !== null) runs.put(feed.id, { ...kept, epoch: head.epoch })
  }
}

/** States that were held under a later epoch are now held under the first (Y1); some had to go for others above the end (S30). */
function noteStates(context: FeedContext, feed: Feed): void {
  const { db, types } = context
  if (context.synods === undefined) return
  const sql = `select id from entries where feed = ? and type = ? and place = ${place.chain}`
  for (const { id } of [...db.rows<{ id: number }>(sql, feed.id, types.idOf('synod'))]) noteState(context, id)
}

/** The same of what is here below the heads of a dispute in the first epoch, and is not on the chain. */
export function noteBranches(context: FeedContext, feed: Feed): void {
  if (context.synods === undefined) return
  const heads = context.feeds.evidence(feed, 1).map(({ record }) => record.head)
  if (feed.record?.head.epoch === 1) heads.push(feed.record.head)
  for (const head of heads) {
    for (const { id } of lineageOf(context, feed, head).rows) noteState(context, id)
  }
}

function noteState({ entries, unverified, synods }: FeedContext, id: number): void {
  const row = unverified.has(id) ? null : entries.byId(id)
  if (row !== null) synods?.stateArrived(signedEntry(row), 1, false)
}

interface Sound {
  readonly lineage: Lineage
  readonly broken: Feed['broken']
}

/** Of a head above broken entries: what lies below the lowest of them (F7). */
function soundLineage(context: FeedContext, feed: Feed, head: Head): Sound {
  let broken: Feed['broken'] = null
  let top = head
  for (;;) {
    const lineage = lineageOf(context, feed, top)
    const below = digestBelow(context, lineage, top)
    const { end } = lineage
    // A fault that is known by its name alone, with no bytes here.
    if (end.type === 'open' && feed.broken !== null && equalBytes(end.digest, feed.broken.cid)) {
      return { lineage: { ...nothing, end }, broken: feed.broken }
    }
    if (end.type !== 'broken' || below === null) return { lineage, broken }
    const row = context.entries.byDigest(below)
    if (row === null) return { lineage, broken }
    const isKnown = feed.broken !== null && equalBytes(feed.broken.cid, row.cid)
    broken = {
      length: row.length,
      cid: row.cid,
      code: isKnown ? (feed.broken?.code ?? 'signature') : 'signature',
    }
    const { parent } = signedEntry(row).entry
    if (parent === null) return { lineage: nothing, broken }
    top = { ...head, head: parent, length: row.length - 1 }
  }
}

const nothing: Lineage = { rows: [], ids: new Set(), landings: [], end: { type: 'beginning' } }

/** Of the first entry below a lineage. */
function digestBelow({ entries }: FeedContext, { rows, landings }: Lineage, top: Head): Uint8Array | null {
  const lowestRow = rows.at(-1)
  const lowestLanding = landings.at(-1)
  if (
    lowestLanding !== undefined &&
    (lowestRow === undefined || lowestLanding.run.first < lowestRow.length)
  ) {
    return lowestLanding.run.below
  }
  if (lowestRow === undefined) return cidDigest(top.head)
  const row = entries.byId(lowestRow.id)
  const parent = row === null ? null : signedEntry(row).entry.parent
  return parent === null ? null : cidDigest(parent)
}

/** Branches of a dispute that is over: hidden as what left the chain is. */
function hideBranches({ entries, days }: FeedContext, feed: Feed, lineage: Lineage | null): void {
  for (const row of entries.offChain(feed.id, 0, place.disputed)) {
    if (lineage?.ids.has(row.id) !== true) entries.setPlace(row.id, place.hidden, days.stamp())
  }
}

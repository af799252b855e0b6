/**
 * A report as an operator reads it: with names, what is public of what was reported, and what was done about it already.
 *
 * @module
 */
import { type Cid, type Identity, type Payload, parseRawCid } from '@effigy/core'
import type { Item } from '@effigy/store'
import { noteTypes, publicEntry } from '../reading/public-entry.ts'
import { nameOf } from './operations/people.ts'
import type { AdminPorts } from './ports.ts'
import type { Report } from './reports.ts'

export interface ReportRow extends Report {
  /** As they call themselves; a claim. */
  readonly aboutName: string | null
  readonly fromName: string | null
  /** Its words as they are now (spec V96); null: it is not public, was taken back, or is not here. */
  readonly said: string | null
  /** What carries these words: another content than was reported, where its author wrote it anew. */
  readonly saidIn: Cid | null
  /** It is part of its entry, where no take-down reaches it. */
  readonly isInside: boolean
  readonly isTakenDown: boolean
  /** Who is meant is turned away. */
  readonly isBlocked: boolean
}

/** UTF-16 units of a text that come along. */
export const maxSaid = 2_000

export function reportRow(ports: AdminPorts, report: Report): ReportRow {
  const { about, content, from } = report
  const item = content === null ? null : now(ports, about, content)
  const said = item === null ? null : readable(ports, item)
  const isTakenDown = [content, item?.content ?? null].some(
    (one) => one !== null && ports.takeDowns.get(one) !== null,
  )
  return {
    ...report,
    aboutName: nameOf(ports, about),
    fromName: nameOf(ports, from),
    said: isTakenDown ? null : (said?.text ?? null),
    saidIn: said === null ? null : (item?.content ?? null),
    isInside: said?.isInside ?? false,
    isTakenDown,
    isBlocked: ports.blocks.isBlocked(about),
  }
}

/** What stands in the place of that content now. */
function now({ peer: { store } }: AdminPorts, about: Identity, content: Cid): Item | null {
  const name = parseRawCid(content)
  return name === null ? null : store.resolve(about, name)
}

/** Null: not everybody may read it, or it is not here. */
function readable(
  { peer: { store } }: AdminPorts,
  item: Item,
): { readonly text: string; readonly isInside: boolean } | null {
  const found = publicEntry(store, item, noteTypes)
  return found === null ? null : { text: wordsOf(found.payload), isInside: found.body === null }
}

/** The warning, the text, and of pictures and files what is said of them. */
function wordsOf(payload: Payload): string {
  const parts = new Map<string, unknown>(Object.entries(payload))
  const said = ['cw', 'text', 'name', 'alt'].map((name) => parts.get(name))
  return said
    .filter((part) => typeof part === 'string' && part !== '')
    .join('\n\n')
    .slice(0, maxSaid)
    .toWellFormed()
}

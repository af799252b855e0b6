/**
 * After a rebase most entries only moved: which entry of the asker's old chain is this one? (spec R5, bit 6)
 *
 *     old chain ─by payload▶ position, when links and synod are the same too
 *
 * @module
 */
import type { Entry, Link, SignedEntry } from '@effigy/core'
import type { Locator } from '@effigy/store'
import { locatorPositions } from '../messages-bytes.ts'
import type { OldPosition } from './batch.ts'

/** Bounds of the old chain that is looked at: more is sent in full. */
export const formerLimits = { maxEntries: 4096, maxBytes: 4 * 1024 * 1024 } as const

/** The lowest position that the asker holds for sure: it names those of one contiguous run. */
export function lowestNamed({ length, prefixes }: Locator): number {
  return locatorPositions(length)[prefixes.length / 8 - 1] ?? length + 1
}

export function findMoved(former: readonly SignedEntry[]): (entry: Entry) => OldPosition | null {
  const byPayload = new Map<string, Entry>()
  for (const { entry } of former) byPayload.set(entry.payload, entry)
  return (entry) => {
    const old = byPayload.get(entry.payload)
    return old !== undefined && sameLinks(old.links, entry.links) && sameSynod(old, entry) ? old : null
  }
}

function sameLinks(a: readonly Link[], b: readonly Link[]): boolean {
  return a.length === b.length && a.every(([cid, size], at) => cid === b[at]?.[0] && size === b[at]?.[1])
}

function sameSynod({ synod: a }: Entry, { synod: b }: Entry): boolean {
  return a?.[0] === b?.[0] && a?.[1] === b?.[1]
}

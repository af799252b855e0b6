/**
 * Parts that are broken on purpose, to show that the invariants would notice: handed to a simulation, and to nothing else.
 *
 *     honest parts ─break▶ parts with one check less
 *
 * @module
 */
import type { HeadRecord, Identity } from '@effigy/core'
import type { Parts } from './machine.ts'

export const breakTexts = {
  'head-check': 'heads and entries count as signed, whoever signed them',
  'head-order': 'the newest head told is taken for the newest there is',
  durability: 'own entries are acknowledged before they are on the disk',
  'instance-check': 'a restored disk is taken for the old one',
} as const

export type Break = keyof typeof breakTexts

export const allBreaks: readonly Break[] = Object.keys(breakTexts) as Break[]

/** `parts` with that check taken out; what cannot be done here is asked for by name. */
export function breakParts(broken: Break | null, parts: Parts): Parts {
  switch (broken) {
    case 'head-check':
      return {
        ...parts,
        crypto: { ...parts.crypto, verify: async (checks) => checks.map(() => true) },
      }
    case 'head-order':
      return { ...parts, store: forgetful(parts.store) }
    default:
      return parts
  }
}

/** A store that shows the head it heard last, and lets nobody else see that it was told before. */
function forgetful(store: Parts['store']): Parts['store'] {
  const last = new Map<Identity, HeadRecord>()
  const acceptHead: typeof store.acceptHead = (record, options) => {
    const outcome = store.acceptHead(record, options)
    if (outcome === 'stale') last.set(record.head.identity, record)
    else if (outcome === 'new') last.delete(record.head.identity)
    return outcome
  }
  return {
    ...store,
    headRecords: () => [],
    acceptHead,
    acceptHeads: (records) => records.map((record) => acceptHead(record)),
    feed(identity) {
      const state = store.feed(identity)
      const record = last.get(identity)
      return state === null || record === undefined ? state : { ...state, record }
    },
  }
}

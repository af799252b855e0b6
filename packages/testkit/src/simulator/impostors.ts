/**
 * Hostile machines made of the shipping parts, with one part that lies.
 *
 *     honest store ─wrap▶ alters what it serves │ keeps back │ shows what once was
 *
 * @module
 */
import type { Cid, HeadRecord, Identity } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Random } from '../seed.ts'
import type { Parts } from './machine.ts'

/** Serves entries, texts and files with a byte changed, now and then or always. */
export function altering(random: Random): (parts: Parts) => Parts {
  function bend(bytes: Uint8Array): Uint8Array {
    const bent = Uint8Array.from(bytes)
    const at = random.integer(Math.max(1, bent.length))
    if (bent.length > 0) bent[at] = (bent[at] ?? 0) ^ (1 << random.integer(8))
    return bent
  }
  return (parts) =>
    withStore(parts, (store) => ({
      serve: (identity, from, options) =>
        store.serve(identity, from, options).map((served) => {
          const { entry, body } = served
          switch (random.integer(4)) {
            case 0:
              return { entry, body: body === null ? null : bend(body) }
            case 1:
              return {
                entry: {
                  ...entry,
                  entry: { ...entry.entry, payload: entry.entry.payload.replace('a', 'b') },
                },
                body,
              }
            case 2:
              return { entry: { ...entry, bytes: bend(entry.bytes), signature: bend(entry.signature) }, body }
            default:
              return served
          }
        }),
      block(cid: Cid) {
        const bytes = store.block(cid)
        return bytes === null || random.chance(0.3) ? bytes : bend(bytes)
      },
    }))
}

/** Says nothing of some people's feeds, and gives nothing of them. */
export function keepingBack(victims: () => ReadonlySet<Identity>): (parts: Parts) => Parts {
  return (parts) =>
    withStore(parts, (store) => ({
      headRecords: (identities) =>
        store.headRecords([...identities].filter((identity) => !victims().has(identity))),
      serve: (identity, from, options) =>
        victims().has(identity) ? [] : store.serve(identity, from, options),
    }))
}

/** Tells the first head that it ever heard of each feed, and gives what hangs from that. */
export function stuckInThePast(): (parts: Parts) => Parts {
  const first = new Map<Identity, HeadRecord>()
  return (parts) =>
    withStore(parts, (store) => ({
      headRecords: (identities) =>
        store.headRecords(identities).map((record) => {
          const known = first.get(record.head.identity) ?? record
          first.set(record.head.identity, known)
          return known
        }),
    }))
}

/** Writes on whatever it hears of its own feed: for a key that is used on two machines. */
export function deafToItself(self: () => Identity): (parts: Parts) => Parts {
  return (parts) =>
    withStore(parts, (store) => ({
      acceptHead: (record, options) =>
        record.head.identity === self() ? 'known' : store.acceptHead(record, options),
    }))
}

export function withStore(parts: Parts, wrap: (store: Store) => Partial<Store>): Parts {
  return { ...parts, store: { ...parts.store, ...wrap(parts.store) } }
}

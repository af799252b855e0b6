/**
 * What answers to (identity, content), and under which names others may have pointed at it (spec P7, P8).
 *
 *     (identity, content) ─resolveReference▶ the entry that carries it, or its edit
 *     that entry ─▶ every name that comments and tags on it may use
 *
 * @module
 */
import {
  type ContentName,
  cidDigest,
  type Identity,
  identityKey,
  payloadWas,
  type RawCid,
  type ReferenceLookup,
  rawCidOfDigest,
  resolveReference,
  type StandingContent,
  type SynodName,
} from '@effigy/core'
import { digestKey, place } from '../schema.ts'
import type { Sqlite } from '../sqlite.ts'
import type { Item } from '../store.ts'
import type { ItemReader } from './items.ts'

export interface Resolver {
  resolve(identity: Identity, content: RawCid): Item | null
  /** What it is, if it is here, and its names: the asked one first, each once, own and siblings' alone (T27). */
  names(
    identity: Identity,
    content: RawCid,
  ): { readonly item: Item | null; readonly names: readonly ContentName[] }
}

/** Identities that are, or were, of one synod with `identity`, itself left out. */
export type Siblings = (identity: Identity) => Iterable<Identity>

type StandingRow = { readonly cid: Uint8Array; readonly content: Uint8Array; readonly comparable: number }

const stays = 'e.feed not in (select feed from leaving)'
const stands = `e.place = ${place.chain} and e.hidden_at is null and ${stays}`

export function createResolver(db: Sqlite, items: ItemReader, siblings: Siblings): Resolver {
  const lookup: ReferenceLookup = {
    *holders({ identity, content }): Iterable<StandingContent> {
      const digest = cidDigest(content)
      for (const row of db.rows<StandingRow>(
        `select e.cid, e.content, e.comparable from entries e join feeds f on f.id = +e.feed
         where e.content_key = ? and e.content = ? and f.identity = ? and ${stands}`,
        digestKey(digest),
        digest,
        identityKey(identity),
      )) {
        yield standing(identity, row)
      }
    },
    *edits(identity, was): Iterable<StandingContent> {
      const digest = cidDigest(was.content)
      for (const row of db.rows<StandingRow>(
        `select e.cid, e.content, e.comparable from was w
         join entries e on e.id = w.entry join feeds f on f.id = e.feed
         where w.content_key = ? and w.content = ? and w.author = ? and f.identity = ? and ${stands}`,
        digestKey(digest),
        digest,
        identityKey(was.identity),
        identityKey(identity),
      )) {
        yield standing(identity, row)
      }
    },
    siblings: (identity: Identity, _synod: SynodName | null) => siblings(identity),
  }

  function resolve(identity: Identity, content: RawCid): Item | null {
    const found = resolveReference({ identity, content, synod: null }, lookup)
    return found === null ? fallback(identity, content) : items.byCid(found.entry)
  }

  /** Erased, or fetched alone. */
  function fallback(identity: Identity, content: RawCid): Item | null {
    const digest = cidDigest(content)
    const row = db.first<{ cid: Uint8Array }>(
      `select e.cid from entries e join feeds f on f.id = +e.feed
       where e.content_key = ? and e.content = ? and f.identity = ? and e.place in (${place.chain}, ${place.loose}) and ${stays}
       order by e.place desc, e.comparable desc limit 1`,
      digestKey(digest),
      digest,
      identityKey(identity),
    )
    return row === null ? null : items.byDigest(row.cid)
  }

  return {
    resolve,
    names(identity, content) {
      const item = resolve(identity, content)
      const own = new Set([identity, ...siblings(identity)])
      const names = new Map<string, ContentName>()
      const add = (name: ContentName): void => {
        if (own.has(name.identity)) names.set(`${name.identity} ${name.content}`, name)
      }
      add({ identity, content })
      if (item !== null) {
        add(item)
        if (item.state.type === 'shown') for (const name of payloadWas(item.state.payload)) add(name)
      }
      const contents = new Set([...names.values()].map((name) => name.content))
      for (const each of contents) for (const sibling of own) add({ identity: sibling, content: each })
      return {
        item,
        names: [...names.values()].map((name) => ({ identity: name.identity, content: name.content })),
      }
    },
  }
}

function standing(identity: Identity, { cid, content, comparable }: StandingRow): StandingContent {
  return { identity, content: rawCidOfDigest(content), entry: rawCidOfDigest(cid), comparable }
}

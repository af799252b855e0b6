/**
 * References: how one payload points at another, and what answers (spec P7, P8).
 *
 *     Reference ─▶ (identity, content) ─else▶ its edit ─else▶ another identity of the same synod ─else▶ null
 *
 * Never by content alone: whoever republishes somebody's text does not collect
 * the answers to it (T27).
 *
 * @module
 */
import * as z from 'zod/mini'
import type { Root } from '../account/keys.ts'
import { compareCids, type Identity, type RawCid } from '../names.ts'
import type { ContentName } from './base-fields.ts'
import { identityField, rawCidField, rootField, type Schema } from './fields.ts'
import { maxWas } from './limits.ts'

/** `[the synod's key, its root]`: the account as the writer of the reference knew it. */
export type SynodName = readonly [Identity, Root]

export interface Reference extends ContentName {
  /** The entry that held the content when the reference was written: a hint where to fetch it. */
  readonly entry: RawCid
  /** The account of `identity`, null where it had none. */
  readonly synod: SynodName | null
}

export const referenceFields = {
  identity: identityField,
  content: rawCidField,
  entry: rawCidField,
  synod: z.nullable(z.tuple([identityField, rootField])),
}

export const referenceField: Schema<Reference> = z.looseObject(referenceFields)

/** A payload that stands: in the current chain of its identity, neither erased nor cut off. */
export interface StandingContent extends ContentName {
  readonly entry: RawCid
  readonly comparable: number
}

/** What a store or index answers; it lists standing contents only. */
export interface ReferenceLookup {
  /** The entries of `identity` with this content. */
  holders(name: ContentName): Iterable<StandingContent>
  /** The entries of `identity` whose payload's `was` names `was`. */
  edits(identity: Identity, was: ContentName): Iterable<StandingContent>
  /**
   * The identities that are, or were, of one synod with `identity`, itself left out.
   * From verified synod states; `synod` is only a hint which account to look in, and
   * one that does not list `identity` gives none.
   */
  siblings(identity: Identity, synod: SynodName | null): Iterable<Identity>
}

/** What the reference means now, or null when nothing here answers to it (P8). */
export function resolveReference(
  { identity, content, synod }: Pick<Reference, 'identity' | 'content' | 'synod'>,
  lookup: ReferenceLookup,
): StandingContent | null {
  const name = { identity, content }
  const own = newest(lookup.holders(name)) ?? newest(lookup.edits(identity, name))
  if (own !== null) return own
  const siblings = [...lookup.siblings(identity, synod)]
  return (
    newest(siblings.flatMap((sibling) => [...lookup.holders({ identity: sibling, content })])) ??
    newest(siblings.flatMap((sibling) => [...lookup.edits(sibling, name)]))
  )
}

/**
 * The `was` of an edit: the names of what is edited, the first one kept for ever
 * (most references point there), then the newest; at most 16.
 */
export function wasOfEdit(edited: ContentName, earlier: readonly ContentName[]): readonly ContentName[] {
  const { identity, content } = edited
  const others = earlier.filter((name) => !(name.identity === identity && name.content === content))
  const names = [...others, { identity, content }].map((name) => ({
    identity: name.identity,
    content: name.content,
  }))
  return names.length <= maxWas ? names : [...names.slice(0, 1), ...names.slice(names.length - maxWas + 1)]
}

function newest(contents: Iterable<StandingContent>): StandingContent | null {
  let best: StandingContent | null = null
  for (const content of contents) if (best === null || isAbove(content, best)) best = content
  return best
}

function isAbove(a: StandingContent, b: StandingContent): boolean {
  return a.comparable === b.comparable ? compareCids(a.entry, b.entry) > 0 : a.comparable > b.comparable
}

/**
 * What a person wants of a holder: shared by all own devices, so that whichever meets it renews (spec V37).
 *
 *     ask, end ─▶ own state `lease/HOLDER` ─▶ every own device
 *
 * @module
 */
import { type Identity, type Json, parseIdentity } from '@effigy/core'
import type { LeasePorts } from './ports.ts'

/** `days` 0: whatever is leased is let go. */
export interface LeaseTerms {
  readonly days: number
  readonly blobs: number
}

/** Holders cut longer ones to it (V30). */
export const maxDays = 90

/** Of own devices, unless a person said otherwise: everything, as long as it goes. */
const ownTerms: LeaseTerms = { days: maxDays, blobs: Number.MAX_SAFE_INTEGER }

const prefix = 'lease/'

const keyOf = (holder: Identity): string => `${prefix}${holder}`

/** Null: nobody asked for anything. */
export function termsFor(
  holder: Identity,
  { state, isOwn }: Pick<LeasePorts, 'state' | 'isOwn'>,
): LeaseTerms | null {
  return readTerms(state().value(keyOf(holder))) ?? (isOwn(holder) ? ownTerms : null)
}

/** What a person said of each holder: asked for, or to be let go. */
export function allTerms({ state }: Pick<LeasePorts, 'state'>): ReadonlyMap<Identity, LeaseTerms> {
  return new Map(
    state()
      .values(prefix)
      .flatMap(({ key, value }): [Identity, LeaseTerms][] => {
        const holder = parseIdentity(key.slice(prefix.length))
        const terms = readTerms(value)
        return holder === null || terms === null ? [] : [[holder, terms]]
      }),
  )
}

export async function saveTerms(
  holder: Identity,
  terms: LeaseTerms,
  { state }: Pick<LeasePorts, 'state'>,
): Promise<void> {
  await state().set([[keyOf(holder), { ...terms }]])
}

/** What an own device wrote, perhaps of a later version. */
function readTerms(value: Json | null): LeaseTerms | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { days, blobs } = value as { readonly [name: string]: Json }
  return isWhole(days) && days <= maxDays && isWhole(blobs) ? { days, blobs } : null
}

function isWhole(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

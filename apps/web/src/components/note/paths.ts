/**
 * Where things are in the app.
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'

interface Named {
  readonly identity: Identity
  readonly content: RawCid
}

/** The conversation with something in it. */
export const notePath = ({ identity, content }: Named): string => `/n/${identity}/${content}`

export const personPath = (identity: Identity): string => `/p/${identity}`

export const tagPath = (label: string): string => `/tag/${encodeURIComponent(label)}`

/**
 * Where things are in the app.
 *
 * @module
 */
import { type Identity, parseIdentity, parseRawCid, type RawCid } from '@effigy/core'

interface Named {
  readonly identity: Identity
  readonly content: RawCid
}

/** The conversation with something in it. */
export const notePath = ({ identity, content }: Named): string => `/n/${identity}/${content}`

/** There too, to be changed. */
export const editPath = (name: Named): string => `${notePath(name)}?edit`

/** Where something is written about it, with it shown inside. */
export const quotePath = ({ identity, content }: Named): string => `/new?quote=${identity}/${content}`

/** What such an address names; null: nothing. */
export function quoteOf(search: string): Named | null {
  const [who = '', what = ''] = (new URLSearchParams(search).get('quote') ?? '').split('/')
  const [identity, content] = [parseIdentity(who), parseRawCid(what)]
  return identity === null || content === null ? null : { identity, content }
}

export const personPath = (identity: Identity): string => `/p/${identity}`

export const tagPath = (label: string): string => `/tag/${encodeURIComponent(label)}`

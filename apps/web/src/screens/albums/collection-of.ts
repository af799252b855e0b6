/**
 * What an entry says of an album, and what its files are by their names.
 *
 * @module
 */
import type { CollectionFile, Identity } from '@effigy/core'
import type { Item } from '@effigy/store'

/** Null: it shows none. A note may have one attached. */
export function collectionOf({ state }: Item): CollectionFile | null {
  if (state.type !== 'shown') return null
  const { payload } = state
  if (payload.type === 'collection') return payload
  if (payload.type !== 'public_note' && payload.type !== 'comment') return null
  return payload.attachments?.find((one) => one.type === 'collection') ?? null
}

export function albumPath({ identity, content }: Pick<Item, 'identity' | 'content'>): string {
  return `/albums/${identity}/${content}`
}

/** As `albumPath` writes them. */
export interface AlbumAddress {
  readonly identity: Identity
  readonly content: Item['content']
}

const pictureTypes: Readonly<Record<string, string>> = {
  ...{ jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp' },
  ...{ gif: 'image/gif', avif: 'image/avif' },
}

/** What is shown as a picture; null: another file. A name may lie: then nothing is seen. */
export function pictureType(name: string): string | null {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  return pictureTypes[ending] ?? null
}

/** Without its ending, for who hears it. */
export function spokenName(name: string): string {
  return name.replace(/\.[a-z0-9]{1,5}$/i, '')
}

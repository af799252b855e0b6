/**
 * Who somebody is to the person of this device: what they call them, the picture, and what to know of both.
 *
 * @module
 */
import type { Identity, ImageFile } from '@effigy/core'
import { type PersonName, usePersonName } from '@effigy/react'
import { useWords } from '../words/use-words.ts'
import { words } from './words.ts'

export interface Person {
  /** Of their account where it is known: one face for all of their devices. */
  readonly identity: Identity
  /** Never empty. */
  readonly name: string
  readonly picture: ImageFile | null
  /** Null until it is known. */
  readonly known: PersonName | null
}

export function usePerson(identity: Identity): Person {
  const t = useWords(words)
  const known = usePersonName(identity).value
  return {
    identity: known?.identity ?? identity,
    name: shownName(known, t('somebody')),
    picture: known?.avatar ?? null,
    known,
  }
}

/** One's own name for them, else theirs, else what says that there is none. */
export function shownName(known: Pick<PersonName, 'petname' | 'name'> | null, nameless: string): string {
  const name = (known?.petname ?? known?.name ?? '').trim()
  return name === '' ? nameless : name
}

/**
 * Who somebody is to the person of this device: the name that is shown, and the picture.
 *
 * @module
 */
import type { Identity, ImageFile } from '@effigy/core'
import { useProfile } from '@effigy/react'
import { profileOf } from '../app/own-profile.ts'
import { useWords } from '../words/use-words.ts'
import { words } from './words.ts'

export interface Person {
  readonly identity: Identity
  /** Never empty. */
  readonly name: string
  readonly picture: ImageFile | null
}

export function usePerson(identity: Identity): Person {
  const t = useWords(words)
  const profile = profileOf(useProfile(identity).value)
  const name = profile?.name.trim() ?? ''
  return { identity, name: name === '' ? t('somebody') : name, picture: profile?.avatar ?? null }
}

/**
 * The face of a person: their picture, or their initials on a colour of their own.
 *
 * @module
 */

import type { Identity, ImageFile } from '@effigy/core'
import { useBlob } from '@effigy/react'
import { Avatar as MantineAvatar } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'
import classes from './avatar.module.css'
import { words } from './words.ts'

export interface AvatarProps {
  readonly identity: Identity
  /** As it is shown beside; empty: somebody. */
  readonly name: string
  readonly picture: ImageFile | null
  /** Pixels. */
  readonly size?: number
}

/** Larger ones are no faces. */
const maxBytes = 2 * 1024 * 1024

export function Avatar({ identity, name, picture, size = 44 }: AvatarProps): ReactNode {
  const t = useWords(words)
  const { url } = useBlob(picture?.blob ?? null, { mime: picture?.mime ?? '', picture: true, maxBytes })
  return (
    <MantineAvatar
      src={url}
      alt={t('pictureOf', { name: name === '' ? t('somebody') : name })}
      size={size}
      radius={size}
      className={classes.face ?? ''}
      style={{ '--hue': hueOf(identity) }}
    >
      {initialsOf(name)}
    </MantineAvatar>
  )
}

/** Degrees, far enough from each other to be told apart. */
const hues: readonly number[] = [12, 38, 80, 150, 190, 220, 268, 325]

/** The same on every device. */
function hueOf(identity: string): number {
  let sum = 0
  for (const letter of identity.slice(-12)) sum = (sum * 31 + letter.charCodeAt(0)) % hues.length
  return hues[sum] ?? 0
}

/** At most two letters, of any script. */
export function initialsOf(name: string): string {
  const segments = new Intl.Segmenter()
  const first = (word: string): string => [...segments.segment(word)][0]?.segment ?? ''
  const parts = name
    .trim()
    .split(/\s+/u)
    .filter((word) => word !== '')
  const [one = '', ...others] = parts
  const last = others.at(-1) ?? ''
  return `${first(one)}${first(last)}`.toLocaleUpperCase()
}

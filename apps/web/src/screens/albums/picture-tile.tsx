/**
 * A picture among others: fetched when it comes into view, large ones when they are asked for.
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import { Loader, Text, UnstyledButton } from '@mantine/core'
import { useIntersection } from '@mantine/hooks'
import { type ReactNode, useEffect, useState } from 'react'
import { formatBytes } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import { maxUnasked } from './album-card.tsx'
import classes from './albums.module.css'
import { spokenName } from './collection-of.ts'
import { usePicture } from './use-directory.ts'
import { words } from './words.ts'

export interface PictureTileProps {
  readonly root: Cid
  readonly path: string
  readonly name: string
  /** A claim. */
  readonly bytes: number | null
  readonly open: () => void
}

/** Bytes of a picture at all. */
export const maxPictureBytes: number = 64 * 1024 * 1024

export function PictureTile({ root, path, name, bytes, open }: PictureTileProps): ReactNode {
  const t = useWords(words)
  const { ref, entry } = useIntersection({ rootMargin: '300px' })
  const [isSeen, setSeen] = useState(false)
  const [isAsked, setAsked] = useState(false)
  useEffect(() => {
    if (entry?.isIntersecting === true) setSeen(true)
  }, [entry])
  const isLarge = (bytes ?? 0) > maxUnasked
  const isWanted = isAsked || (isSeen && !isLarge)
  const picture = usePicture(root, isWanted ? path : null, isAsked ? maxPictureBytes : maxUnasked)

  function press(): void {
    if (picture.type === 'ready') {
      open()
      return
    }
    setAsked(true)
    if (picture.type === 'failed') picture.again()
  }

  const isWaiting = isWanted && picture.type === 'pending'
  return (
    <UnstyledButton ref={ref} className={classes.tile ?? ''} onClick={press} aria-busy={isWaiting}>
      {picture.type === 'ready' ? (
        <img
          src={picture.url}
          alt={t('openPicture', { name: spokenName(name) })}
          className={classes.fill}
          draggable={false}
        />
      ) : (
        <>
          {isWaiting && <Loader size="sm" />}
          <Text size="sm">
            {picture.type === 'failed'
              ? `${t('failed')} ${t('again')}`
              : isLarge && !isAsked
                ? t('load', { size: formatBytes(bytes ?? 0) })
                : spokenName(name)}
          </Text>
        </>
      )}
    </UnstyledButton>
  )
}

/**
 * Pictures of a note: up to four in view, each with its room before it is here.
 *
 * @module
 */
import type { Identity, ImageFile } from '@effigy/core'
import { useBlob, usePerson } from '@effigy/react'
import { Button, Loader, Text, UnstyledButton } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { type ReactNode, Suspense, useState } from 'react'
import { late } from '../../app/late.tsx'
import { useWords } from '../../words/use-words.ts'
import { formatNumber } from '../format.ts'
import classes from './note.module.css'
import { maxPictureBytes } from './picture-bytes.ts'
import { Thumb } from './thumb.tsx'
import { words } from './words.ts'

const Lightbox = late(async () => (await import('./lightbox.tsx')).Lightbox)

const shown = 4

export interface PicturesProps {
  readonly author: Identity
  readonly pictures: readonly ImageFile[]
}

export function Pictures({ author, pictures }: PicturesProps): ReactNode {
  const t = useWords(words)
  const person = usePerson(author).value
  const [isWanted, setWanted] = useState(false)
  const [large, setLarge] = useState<number | null>(null)
  // What strangers show, nobody has to see.
  const isOpen = isWanted || person?.isFollowed === true || person?.isSelf === true
  const some = pictures.slice(0, shown)
  return (
    <>
      <div className={classes.pictures} data-count={some.length}>
        {some.map((picture, at) => (
          <Picture
            key={`${at} ${picture.blob}`}
            picture={picture}
            isOpen={isOpen}
            isOnly={some.length === 1}
            more={at === shown - 1 ? pictures.length - shown : 0}
            act={() => (isOpen ? setLarge(at) : setWanted(true))}
          />
        ))}
      </div>
      {!isOpen && person !== null && (
        <Text size="sm" c="var(--soft)">
          {t('strangerPicture')}
        </Text>
      )}
      {large !== null && (
        <Suspense>
          <Lightbox pictures={pictures} at={large} show={setLarge} />
        </Suspense>
      )}
    </>
  )
}

interface PictureProps {
  readonly picture: ImageFile
  /** It may be fetched and shown. */
  readonly isOpen: boolean
  readonly isOnly: boolean
  /** How many more there are behind it. */
  readonly more: number
  readonly act: () => void
}

function Picture({ picture, isOpen, isOnly, more, act }: PictureProps): ReactNode {
  const t = useWords(words)
  const { type, url, retry, progress } = useBlob(isOpen ? picture.blob : null, {
    picture: true,
    mime: picture.mime,
    maxBytes: maxPictureBytes,
    ...(picture.secret === undefined ? {} : { secret: picture.secret }),
  })
  const alt = picture.alt.trim() === '' ? t('noAlt') : picture.alt
  // Neither a ribbon nor a tower.
  const ratio = Math.min(Math.max(picture.width / picture.height, 0.7), 2.4)
  return (
    <div className={classes.picture} style={isOnly ? { aspectRatio: ratio } : undefined}>
      <Thumb hash={picture.thumbhash} />
      {type === 'failed' ? (
        <div className={classes.over}>
          <Text size="sm">{t('pictureFailed')}</Text>
          <Button size="xs" variant="default" onClick={retry}>
            {t('tryAgain')}
          </Button>
        </div>
      ) : (
        <UnstyledButton
          className={classes.look ?? ''}
          onClick={act}
          aria-label={isOpen ? t('lookLarge', { alt }) : t('showPicture')}
        >
          {url !== null && <img src={url} alt="" className={classes.image} decoding="async" />}
          {!isOpen && (
            <span className={classes.reveal}>
              <IconPhoto size={20} aria-hidden />
              {t('showPicture')}
            </span>
          )}
          {type === 'pending' && progress !== null && <Loader size="sm" className={classes.loader ?? ''} />}
          {more > 0 && <span className={classes.count}>+{formatNumber(more)}</span>}
        </UnstyledButton>
      )}
    </div>
  )
}

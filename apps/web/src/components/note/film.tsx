/**
 * A film before and while it is looked at: a picture of it with its length and size; the film itself when a person wants it.
 *
 *     colours, poster ─a person asks▶ fetched, with how far it is ─▶ player, which begins when it is told to
 *
 * @module
 */
import type { Identity, MediaFile } from '@effigy/core'
import { useBlob, usePerson } from '@effigy/react'
import { Button, Progress, Text, UnstyledButton } from '@mantine/core'
import { IconVideo } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useWords } from '../../words/use-words.ts'
import { Fault } from '../fault.tsx'
import { formatBytes, formatLength } from '../format.ts'
import { maxMediaBytes } from './media-bytes.ts'
import classes from './note.module.css'
import { maxPictureBytes, posterMime } from './picture-bytes.ts'
import { Thumb } from './thumb.tsx'
import { words } from './words.ts'

/** ms: more is nobody's film, whatever its author says. */
const maxLengthMs = 100 * 3_600_000

export interface FilmProps {
  readonly author: Identity
  readonly file: MediaFile
}

export function Film({ author, file }: FilmProps): ReactNode {
  const t = useWords(words)
  const person = usePerson(author).value
  const [isWanted, setWanted] = useState(false)
  const { type, url, error, progress, cancel, retry } = useBlob(isWanted ? file.blob : null, {
    mime: file.mime,
    maxBytes: maxMediaBytes,
    ...(file.secret === undefined ? {} : { secret: file.secret }),
  })
  // As with pictures: what strangers show, nobody has to see.
  const isOpen = person?.isFollowed === true || person?.isSelf === true
  const poster = useBlob(isOpen ? (file.poster ?? null) : null, {
    picture: true,
    mime: posterMime,
    maxBytes: maxPictureBytes,
  })
  const name = file.name ?? t('video')
  const length =
    file.duration === undefined || file.duration > maxLengthMs ? '' : `${formatLength(file.duration)} · `
  const facts = `${length}${formatBytes(file.secret?.bytes ?? file.bytes)}`

  if (url !== null) return <Player url={url} poster={poster.url} name={name} />
  const isBusy = isWanted && type === 'pending'
  return (
    <>
      <div className={classes.still} style={{ aspectRatio: ratioOf(file) }}>
        <Thumb hash={file.thumbhash} />
        {poster.url !== null && <img src={poster.url} alt="" className={classes.image} decoding="async" />}
        {isBusy ? (
          <div className={classes.over}>
            <Text size="sm">{facts}</Text>
            <Progress
              w="min(16rem, 70%)"
              aria-label={name}
              value={progress === null || progress.total === 0 ? 100 : (100 * progress.done) / progress.total}
              animated={progress === null}
            />
            <Button
              size="sm"
              variant="default"
              onClick={() => {
                cancel()
                setWanted(false)
              }}
            >
              {t('cancel')}
            </Button>
          </div>
        ) : (
          <UnstyledButton
            className={classes.look ?? ''}
            onClick={() => (type === 'failed' ? retry() : setWanted(true))}
            aria-label={t('loadFilm', { name, facts })}
          >
            <span className={classes.reveal}>
              <IconVideo size={20} aria-hidden />
              <span>{t('load')}</span> <span dir="auto">{facts}</span>
            </span>
          </UnstyledButton>
        )}
      </div>
      {error !== null && <Fault error={error} />}
    </>
  )
}

/** It begins when it is told to; whoever asked for it finds it under their keys. */
function Player({
  url,
  poster,
  name,
}: {
  readonly url: string
  readonly poster: string | null
  readonly name: string
}): ReactNode {
  const player = useRef<HTMLVideoElement>(null)
  useEffect(() => player.current?.focus({ preventScroll: true }), [])
  return (
    <video
      ref={player}
      src={url}
      {...(poster === null ? {} : { poster })}
      controls
      preload="metadata"
      playsInline
      className={classes.film}
      aria-label={name}
    />
  )
}

/** Neither a ribbon nor a tower; as wide as a screen where nothing is said. */
function ratioOf({ width, height }: MediaFile): number {
  return width === undefined || height === undefined ? 16 / 9 : Math.min(Math.max(width / height, 0.7), 2.4)
}

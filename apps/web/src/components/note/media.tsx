/**
 * Film, sound and documents of a note: named, with their size, and fetched when a person wants them.
 *
 * @module
 */
import type { CollectionFile, ContentName, Identity, MediaFile } from '@effigy/core'
import { useBlob } from '@effigy/react'
import { Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { IconAlbum, IconDownload, IconFile, IconMusic } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { useWords } from '../../words/use-words.ts'
import { Fault } from '../fault.tsx'
import { formatBytes, formatLength } from '../format.ts'
import { Film } from './film.tsx'
import { maxMediaBytes } from './media-bytes.ts'
import classes from './note.module.css'
import { words } from './words.ts'

export interface MediaProps {
  readonly author: Identity
  readonly file: MediaFile
}

export function Media({ author, file }: MediaProps): ReactNode {
  if (file.kind !== 'video') return <Listed file={file} />
  return (
    <Described alt={file.alt}>
      <Film author={author} file={file} />
    </Described>
  )
}

function Listed({ file }: Pick<MediaProps, 'file'>): ReactNode {
  const t = useWords(words)
  const [isWanted, setWanted] = useState(false)
  const { type, url, error, progress, cancel, retry } = useBlob(isWanted ? file.blob : null, {
    mime: file.mime,
    maxBytes: maxMediaBytes,
    ...(file.secret === undefined ? {} : { secret: file.secret }),
  })
  const stop = (): void => {
    cancel()
    setWanted(false)
  }
  const Icon = file.kind === 'audio' ? IconMusic : IconFile
  const name = file.name ?? t(file.kind)
  if (url !== null && file.kind === 'audio') {
    return (
      <Described alt={file.alt}>
        {/* biome-ignore lint/a11y/useMediaCaption: what people say to each other has none; its description stands below */}
        <audio src={url} controls className={classes.sound} aria-label={name} />
      </Described>
    )
  }
  return (
    <Described alt={file.alt}>
      <div className={classes.file}>
        <Group wrap="nowrap" justify="space-between">
          <Group wrap="nowrap" gap="sm" miw={0}>
            <Icon size={26} stroke={1.5} className={classes.fixed} aria-hidden />
            <Stack gap={0} miw={0}>
              <Text size="sm" fw={600} truncate>
                <bdi data-others={file.name === undefined ? undefined : true}>{name}</bdi>
              </Text>
              <Text size="xs" c="var(--soft)">
                {file.duration !== undefined && `${formatLength(file.duration)} · `}
                {formatBytes(file.secret?.bytes ?? file.bytes)}
              </Text>
            </Stack>
          </Group>
          {url !== null ? (
            <Button
              component="a"
              href={url}
              download={file.name ?? ''}
              className={classes.fixed}
              variant="default"
              size="sm"
              leftSection={<IconDownload size={18} />}
            >
              {t('save')}
            </Button>
          ) : isWanted && type === 'pending' ? (
            <Button className={classes.fixed} variant="subtle" size="sm" onClick={stop}>
              {t('cancel')}
            </Button>
          ) : (
            <Button
              className={classes.fixed}
              variant="default"
              size="sm"
              onClick={() => (type === 'failed' ? retry() : setWanted(true))}
              leftSection={<IconDownload size={18} />}
            >
              {t(file.kind === 'document' ? 'getFile' : 'load')}
            </Button>
          )}
        </Group>
        {isWanted && type === 'pending' && (
          <Progress
            mt="xs"
            aria-label={name}
            value={progress === null || progress.total === 0 ? 100 : (100 * progress.done) / progress.total}
            animated={progress === null}
          />
        )}
        {error !== null && <Fault error={error} />}
      </div>
    </Described>
  )
}

function Described({
  alt,
  children,
}: {
  readonly alt: string | undefined
  readonly children: ReactNode
}): ReactNode {
  if (alt === undefined || alt === '') return children
  return (
    <figure className={classes.figure}>
      {children}
      <Text component="figcaption" size="sm" c="var(--soft)" dir="auto" data-others>
        {alt}
      </Text>
    </figure>
  )
}

export interface AlbumProps {
  readonly album: CollectionFile
  /** What it stands in. */
  readonly within: ContentName & { readonly identity: Identity }
}

export function Album({ album, within }: AlbumProps): ReactNode {
  const t = useWords(words)
  return (
    <Anchor
      component={Link}
      href={`/albums/${within.identity}/${within.content}`}
      className={classes.file ?? ''}
      underline="never"
      c="inherit"
    >
      <Group wrap="nowrap" gap="sm">
        <IconAlbum size={26} stroke={1.5} className={classes.fixed} aria-hidden />
        <Stack gap={0} miw={0}>
          <Text size="sm" fw={600} truncate>
            <bdi data-others>{album.name}</bdi>
          </Text>
          <Text size="xs" c="var(--soft)">
            {t('files', { count: album.count })} · {formatBytes(album.bytes)}
          </Text>
        </Stack>
      </Group>
    </Anchor>
  )
}

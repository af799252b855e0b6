/**
 * The files of a note that is written: looked at, described, put in order, taken off.
 *
 * @module
 */
import { useBlob } from '@effigy/react'
import { ActionIcon, Alert, Anchor, Button, Group, Progress, Stack, Text, Textarea } from '@mantine/core'
import {
  IconArrowDown,
  IconArrowUp,
  IconFile,
  IconMusic,
  IconShieldCheck,
  IconVideo,
  IconX,
} from '@tabler/icons-react'
import { type DragEvent, type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { useFaultWords } from '../../faults/use-fault.ts'
import { useWords } from '../../words/use-words.ts'
import { formatBytes, formatPercent } from '../format.ts'
import { posterMime } from '../note/picture-bytes.ts'
import { useObjectUrl } from '../use-object-url.ts'
import { type AttachedFile, isFaultOfFile, mayGoAsItIs } from './attached.ts'
import classes from './composer.module.css'
import { type Attached, type AttachedFiles, maxAttached } from './use-attached.ts'
import { words } from './words.ts'

/** UTF-16 units that surely fit the bytes of a description. */
const maxAltLength = 1_300

export function AttachedList({ files }: { readonly files: AttachedFiles }): ReactNode {
  const t = useWords(words)
  const [dragged, setDragged] = useState<number | null>(null)

  function drop(event: DragEvent, target: number): void {
    if (dragged === null) return
    event.preventDefault()
    event.stopPropagation()
    const at = (id: number): number => files.list.findIndex((one) => one.id === id)
    files.move(dragged, at(target) - at(dragged))
    setDragged(null)
  }

  return (
    <>
      {files.list.length > 0 && (
        <ul className={classes.files} aria-label={t('files')}>
          {files.list.map((one, at) => (
            <li
              key={one.id}
              className={classes.file}
              draggable
              onDragStart={() => setDragged(one.id)}
              onDragEnd={() => setDragged(null)}
              onDragOver={(event) => dragged !== null && event.preventDefault()}
              onDrop={(event) => drop(event, one.id)}
            >
              <Looks one={one} />
              <Stack gap={6} className={classes.fileBody ?? ''}>
                <Says one={one} files={files} />
                {files.list.length > 1 && <Places one={one} at={at} files={files} />}
              </Stack>
              <ActionIcon
                size={36}
                aria-label={t('removeFile', { number: at + 1 })}
                onClick={() => files.remove(one.id)}
              >
                <IconX size={18} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {files.leftOut > 0 && <LeftOut files={files} />}
    </>
  )
}

/** An album takes as many as one has; but everybody can see it. */
function LeftOut({ files: { leftOut, isEncrypted } }: { readonly files: AttachedFiles }): ReactNode {
  const t = useWords(words)
  return (
    <Alert color="yellow" role="alert" p="xs">
      <Text size="sm">{t('leftOut', { count: leftOut, most: maxAttached })}</Text>
      {!isEncrypted && (
        <Anchor component={Link} href="/albums/new" size="sm">
          {t('makeAlbum')}
        </Anchor>
      )}
    </Alert>
  )
}

interface PlacesProps {
  readonly one: Attached
  readonly at: number
  readonly files: AttachedFiles
}

/** For those who do not drag. */
function Places({ one, at, files }: PlacesProps): ReactNode {
  const t = useWords(words)
  return (
    <Group gap={4}>
      <ActionIcon
        size={32}
        aria-label={t('earlier', { number: at + 1 })}
        disabled={at === 0}
        onClick={() => files.move(one.id, -1)}
      >
        <IconArrowUp size={18} />
      </ActionIcon>
      <ActionIcon
        size={32}
        aria-label={t('later', { number: at + 1 })}
        disabled={at === files.list.length - 1}
        onClick={() => files.move(one.id, 1)}
      >
        <IconArrowDown size={18} />
      </ActionIcon>
    </Group>
  )
}

function Looks({ one: { blob, file } }: { readonly one: Attached }): ReactNode {
  const own = useObjectUrl(file?.type === 'image' ? blob : null)
  const picture = file?.type === 'image' ? (blob === null ? file.blob : null) : (file?.poster ?? null)
  const stored = useBlob(picture, {
    picture: true,
    mime: file?.type === 'image' ? file.mime : posterMime,
    ...(file?.type === 'image' && file.secret !== undefined ? { secret: file.secret } : {}),
  })
  const url = own ?? stored.url
  if (url !== null) return <img className={classes.picture} src={url} alt={file?.alt ?? ''} data-others />
  const Icon = { video: IconVideo, audio: IconMusic, document: IconFile }[kindOf(file)]
  return (
    <span className={classes.picture}>
      <Icon size={28} stroke={1.4} />
    </span>
  )
}

const kindOf = (file: AttachedFile | null) => (file?.type === 'media' ? file.kind : 'document')

function Says({ one, files }: { readonly one: Attached; readonly files: AttachedFiles }): ReactNode {
  const t = useWords(words)
  const say = useFaultWords()
  const { id, name, state, file, removed } = one
  switch (state.type) {
    case 'working':
      return (
        <>
          <Name name={name} />
          <Progress value={Math.max(5, state.share * 100)} animated aria-label={t('preparing')} />
          <Text size="xs" c="var(--soft)" role="status">
            {state.share > 0 ? formatPercent(state.share) : t('preparing')}
          </Text>
        </>
      )
    case 'asks':
      return (
        <div role="alert">
          <Name name={name} />
          <Text size="sm">{t('unknownKind')}</Text>
          <Button size="compact-sm" variant="default" mt={6} onClick={() => files.keep(id)}>
            {t('keepIt')}
          </Button>
        </div>
      )
    case 'failed': {
      const { happened, todo } = say(state.error)
      return (
        <div role="alert">
          <Name name={name} />
          <Text size="sm" c="red">
            {happened}
          </Text>
          <Text size="sm">{todo}</Text>
          {mayGoAsItIs(state.error) && (
            <Button size="compact-sm" variant="default" mt={6} onClick={() => files.keep(id)}>
              {t('keepIt')}
            </Button>
          )}
          {!isFaultOfFile(state.error) && (
            <Button size="compact-sm" variant="default" mt={6} onClick={() => files.retry(id)}>
              {t('tryAgain')}
            </Button>
          )}
        </div>
      )
    }
    case 'ready':
      return (
        <>
          {file?.type === 'media' && (
            <Group gap={6} wrap="nowrap">
              <Name name={name} />
              <Text size="xs" c="var(--soft)">
                {formatBytes(file.bytes)}
              </Text>
            </Group>
          )}
          <Textarea
            aria-label={file?.type === 'image' ? t('alt') : t('describe')}
            placeholder={file?.type === 'image' ? t('alt') : t('describe')}
            value={file?.alt ?? ''}
            onChange={({ currentTarget }) => files.describe(id, currentTarget.value)}
            maxLength={maxAltLength}
            autosize
            minRows={1}
            maxRows={5}
            size="sm"
            dir="auto"
          />
          <Group gap={6}>
            {removed.length > 0 && (
              <Text size="xs" className={classes.cleaned ?? ''}>
                <IconShieldCheck size={16} aria-hidden />
                {removed.includes('location') ? t('placeRemoved') : t('metadataRemoved')}
              </Text>
            )}
          </Group>
        </>
      )
  }
}

function Name({ name }: { readonly name: string }): ReactNode {
  return (
    <Text size="sm" fw={500} className={classes.fileName ?? ''}>
      <bdi data-others>{name}</bdi>
    </Text>
  )
}

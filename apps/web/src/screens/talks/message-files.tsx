/**
 * What hangs on a message: pictures in their place, everything else to be saved.
 *
 * @module
 */
import type { Attachment } from '@effigy/core'
import { useBlob } from '@effigy/react'
import { Button } from '@mantine/core'
import { IconDownload, IconPhoto } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { formatBytes } from '../../components/format.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './talk.module.css'
import { words } from './words.ts'

type Picture = Extract<Attachment, { readonly type: 'image' }>
type File = Extract<Attachment, { readonly type: 'media' }>

export interface MessageFilesProps {
  readonly attachments: readonly Attachment[]
  /** Of somebody who is not known: nothing is fetched before a tap. */
  readonly isShy: boolean
}

export function MessageFiles({ attachments, isShy }: MessageFilesProps): ReactNode {
  return attachments.map((attachment, at) => {
    if (attachment.type === 'image')
      return <OnePicture key={at} picture={attachment as Picture} isShy={isShy} />
    if (attachment.type === 'media') return <OneFile key={at} file={attachment as File} />
    return null
  })
}

function OnePicture({ picture, isShy }: { readonly picture: Picture; readonly isShy: boolean }): ReactNode {
  const t = useWords(words)
  const [isWanted, setWanted] = useState(!isShy)
  const { blob, mime, secret, width, height, alt } = picture
  const { url, error, progress, cancel } = useBlob(isWanted ? blob : null, {
    mime,
    ...(secret === undefined ? {} : { secret }),
  })
  if (!isWanted) {
    return (
      <Button
        variant="default"
        leftSection={<IconPhoto size={20} aria-hidden />}
        onClick={() => setWanted(true)}
      >
        {alt === '' ? t('picture') : <bdi>{alt}</bdi>}
      </Button>
    )
  }
  if (error !== null) return <Fault error={error} />
  if (url === null) {
    return (
      <Working
        title={t('picture')}
        done={progress?.done ?? 0}
        total={progress?.total ?? null}
        onCancel={cancel}
      />
    )
  }
  return <img src={url} alt={alt} width={width} height={height} className={classes.picture} />
}

/** Bytes; larger ones would be in memory as a whole. */
const maxBytes = 512 * 1024 * 1024

function OneFile({ file }: { readonly file: File }): ReactNode {
  const t = useWords(words)
  const [isWanted, setWanted] = useState(false)
  const { blob: root, mime, secret, bytes } = file
  const name = file.name ?? t('unnamed')
  const { url, error, progress, cancel } = useBlob(isWanted ? root : null, {
    mime,
    maxBytes,
    ...(secret === undefined ? {} : { secret }),
  })
  if (error !== null) return <Fault error={error} />
  if (url !== null) {
    return (
      <Button component="a" href={url} download={name} leftSection={<IconDownload size={20} aria-hidden />}>
        <bdi>{t('save', { name })}</bdi>
      </Button>
    )
  }
  if (isWanted) {
    return (
      <Working
        title={name}
        done={progress?.done ?? 0}
        total={progress?.total ?? bytes}
        onCancel={() => {
          cancel()
          setWanted(false)
        }}
      />
    )
  }
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={20} aria-hidden />}
      onClick={() => setWanted(true)}
    >
      <bdi>{name}</bdi>&nbsp;({formatBytes(bytes)})
    </Button>
  )
}

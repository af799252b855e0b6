/**
 * What hangs on a note: pictures together, then films, albums and quotes, each on its own.
 *
 * @module
 */
import type { Attachment, ContentName, ImageFile, Payload } from '@effigy/core'
import { Text } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import { Album, Media } from './media.tsx'
import { Pictures } from './pictures.tsx'
import { words } from './words.ts'

export interface AttachmentsProps {
  readonly within: ContentName
  readonly attachments: readonly Attachment[]
  /** Null: what is quoted shows no quotes. */
  readonly quote: ((name: ContentName) => ReactNode) | null
}

/** Of a payload that is a file itself, that file. */
export function attachmentsOf(payload: Payload): readonly Attachment[] {
  switch (payload.type) {
    case 'public_note':
    case 'private_note':
    case 'comment':
      return payload.attachments ?? []
    case 'image':
    case 'media':
    case 'collection':
      return [payload as Attachment]
    default:
      return []
  }
}

export function Attachments({ within, attachments, quote }: AttachmentsProps): ReactNode {
  const t = useWords(words)
  const pictures = attachments.filter((each) => each.type === 'image') as readonly ImageFile[]
  const others = attachments.filter(({ type }) => type !== 'image')
  return (
    <>
      {pictures.length > 0 && <Pictures author={within.identity} pictures={pictures} />}
      {others.map((each, at) => {
        const key = `${at} ${each.type}`
        if (isMedia(each)) return <Media key={key} author={within.identity} file={each} />
        if (isAlbum(each)) return <Album key={key} album={each} within={within} />
        if (isReference(each)) return <Fragment key={key}>{quote?.(each)}</Fragment>
        return (
          <Text key={key} size="sm" c="var(--soft)">
            {t('unknownFile')}
          </Text>
        )
      })}
    </>
  )
}

type Of<Type extends string> = Extract<Attachment, { readonly type: Type }>

const isMedia = (each: Attachment): each is Of<'media'> => each.type === 'media'
const isAlbum = (each: Attachment): each is Of<'collection'> => each.type === 'collection'
const isReference = (each: Attachment): each is Of<'reference'> => each.type === 'reference'

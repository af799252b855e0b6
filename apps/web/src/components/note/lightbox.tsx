/**
 * One picture large, with what it shows in words; arrows lead to the others.
 *
 * @module
 */
import type { ImageFile } from '@effigy/core'
import { useBlob } from '@effigy/react'
import { ActionIcon, Group, Loader, Modal, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight, IconDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { directionOf, spokenLanguage } from '../../words/language.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './note.module.css'
import { maxPictureBytes } from './picture-bytes.ts'
import { words } from './words.ts'

export interface LightboxProps {
  readonly pictures: readonly ImageFile[]
  readonly at: number
  /** Null: it is closed. */
  readonly show: (at: number | null) => void
}

export function Lightbox({ pictures, at, show }: LightboxProps): ReactNode {
  const t = useWords(words)
  const { length } = pictures
  const step = (by: number): void => show((at + by + length) % length)
  // As the arrows point.
  const forward = directionOf(spokenLanguage()) === 'rtl' ? -1 : 1
  useHotkeys([
    ['ArrowLeft', () => length > 1 && step(-forward)],
    ['ArrowRight', () => length > 1 && step(forward)],
  ])
  const picture = pictures[at]
  if (picture === undefined) return null
  return (
    <Modal
      opened
      fullScreen
      onClose={() => show(null)}
      title={length > 1 ? t('picture', { at: at + 1, count: length }) : undefined}
      closeButtonProps={{ 'aria-label': t('close'), size: 44 }}
      classNames={{ body: classes.large ?? '', content: classes.stage ?? '' }}
    >
      <Large picture={picture} />
      <Group justify="center" gap="xl">
        {length > 1 && (
          <>
            <ActionIcon aria-label={t('previous')} onClick={() => step(-1)}>
              <IconChevronLeft className={classes.arrow} />
            </ActionIcon>
            <ActionIcon aria-label={t('next')} onClick={() => step(1)}>
              <IconChevronRight className={classes.arrow} />
            </ActionIcon>
          </>
        )}
      </Group>
    </Modal>
  )
}

function Large({ picture }: { readonly picture: ImageFile }): ReactNode {
  const t = useWords(words)
  const { url, type } = useBlob(picture.blob, {
    picture: true,
    mime: picture.mime,
    maxBytes: maxPictureBytes,
    ...(picture.secret === undefined ? {} : { secret: picture.secret }),
  })
  return (
    <>
      <div className={classes.whole}>
        {url !== null && <img src={url} alt={picture.alt} data-others className={classes.fit} />}
        {type === 'pending' && <Loader />}
        {type === 'failed' && <Text>{t('pictureFailed')}</Text>}
      </div>
      <Group justify="center" wrap="nowrap" gap="xs">
        {picture.alt !== '' && (
          <Text size="sm" dir="auto" data-others className={classes.alt ?? ''}>
            {picture.alt}
          </Text>
        )}
        {url !== null && (
          <ActionIcon component="a" href={url} download="" aria-label={t('save')}>
            <IconDownload size={22} stroke={1.6} />
          </ActionIcon>
        )}
      </Group>
    </>
  )
}

/**
 * One picture as large as the screen, with the way to the next.
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import { ActionIcon, Group, Loader, Modal, Text } from '@mantine/core'
import { IconArrowLeft, IconArrowRight, IconDownload } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { formatNumber } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './albums.module.css'
import { spokenName } from './collection-of.ts'
import { maxPictureBytes } from './picture-tile.tsx'
import { usePicture } from './use-directory.ts'
import { words } from './words.ts'

export interface LightboxProps {
  readonly root: Cid
  /** Of the pictures of the folder, in order; not empty. */
  readonly pictures: readonly { readonly path: string; readonly name: string }[]
  readonly first: number
  readonly close: () => void
  readonly download: (path: string, name: string) => void
}

export function Lightbox({ root, pictures, first, close, download }: LightboxProps): ReactNode {
  const t = useWords(words)
  const [at, setAt] = useState(first)
  const shown = pictures[at]
  const picture = usePicture(root, shown?.path ?? null, maxPictureBytes)
  if (shown === undefined) return null
  const step = (by: number): void => setAt((now) => (now + by + pictures.length) % pictures.length)

  function press({ key }: KeyboardEvent): void {
    const isMirrored = document.documentElement.dir === 'rtl'
    if (key === 'ArrowRight') step(isMirrored ? -1 : 1)
    if (key === 'ArrowLeft') step(isMirrored ? 1 : -1)
  }

  return (
    <Modal
      opened
      fullScreen
      onClose={close}
      onKeyDown={press}
      title={<bdi data-others>{spokenName(shown.name)}</bdi>}
    >
      <div className={classes.stage} aria-live="polite">
        {picture.type === 'ready' ? (
          <img src={picture.url} alt={spokenName(shown.name)} data-others className={classes.whole} />
        ) : picture.type === 'failed' ? (
          <Text>{t('failed')}</Text>
        ) : (
          <Loader aria-label={t('waiting')} />
        )}
      </div>
      <Group justify="center" mt="md">
        <ActionIcon aria-label={t('previous')} onClick={() => step(-1)} disabled={pictures.length < 2}>
          <IconArrowLeft className={classes.arrow} />
        </ActionIcon>
        <Text size="sm" c="var(--soft)">
          {t('ofMany', { at: formatNumber(at + 1), count: formatNumber(pictures.length) })}
        </Text>
        <ActionIcon aria-label={t('next')} onClick={() => step(1)} disabled={pictures.length < 2}>
          <IconArrowRight className={classes.arrow} />
        </ActionIcon>
        <ActionIcon
          aria-label={t('downloadFile', { name: shown.name })}
          onClick={() => download(shown.path, shown.name)}
        >
          <IconDownload />
        </ActionIcon>
      </Group>
    </Modal>
  )
}

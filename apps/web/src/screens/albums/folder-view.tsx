/**
 * What stands in one folder of an album: pictures to look at, folders to go into, files to take.
 *
 * @module
 */
import type { Cid } from '@effigy/core'
import type { DirectoryEntry } from '@effigy/store'
import { ActionIcon, Anchor, Button, Loader, Stack, Text } from '@mantine/core'
import { IconDownload, IconFile, IconFolder } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { Fault } from '../../components/fault.tsx'
import { formatBytes } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './albums.module.css'
import { pictureType } from './collection-of.ts'
import { Lightbox } from './lightbox.tsx'
import { PictureTile } from './picture-tile.tsx'
import { useDirectory } from './use-directory.ts'
import { words } from './words.ts'

export interface FolderViewProps {
  readonly root: Cid
  /** Of the folder; empty: the root itself. */
  readonly path: string
  readonly download: (path: string, name: string) => void
}

/** Entries that are shown before more are asked for: a folder may hold a million. */
const pageSize = 200

export function FolderView({ root, path, download }: FolderViewProps): ReactNode {
  const t = useWords(words)
  const answer = useDirectory(root, path)
  const [shown, setShown] = useState(pageSize)
  const [open, setOpen] = useState<number | null>(null)
  if (answer.type === 'failed') {
    return (
      <Fault error={answer.error}>
        <Button variant="default" onClick={answer.again}>
          {t('again')}
        </Button>
      </Fault>
    )
  }
  if (answer.type === 'pending') {
    return (
      <Stack align="center" py="xl" role="status">
        <Loader aria-hidden />
        <Text c="var(--soft)">{t('waiting')}</Text>
      </Stack>
    )
  }
  if (answer.entries.length === 0) return <Text c="var(--soft)">{t('emptyFolder')}</Text>
  const at = (name: string): string => (path === '' ? name : `${path}/${name}`)
  const entries = answer.entries.slice(0, shown)
  const isPicture = ({ name, type }: DirectoryEntry): boolean =>
    type !== 'directory' && pictureType(name) !== null
  const pictures = entries.filter(isPicture).map(({ name, claimedBytes }) => {
    return { name, path: at(name), bytes: claimedBytes }
  })
  const others = entries.filter((entry) => !isPicture(entry))
  return (
    <Stack>
      {others.length > 0 && (
        <ul className={classes.rows}>
          {others.map((entry) => (
            <Row key={entry.name} entry={entry} path={at(entry.name)} download={download} />
          ))}
        </ul>
      )}
      {pictures.length > 0 && (
        <ul className={classes.grid}>
          {pictures.map((picture, index) => (
            <li key={picture.path}>
              <PictureTile root={root} {...picture} open={() => setOpen(index)} />
            </li>
          ))}
        </ul>
      )}
      {answer.entries.length > shown && (
        <Button variant="default" onClick={() => setShown((count) => count + pageSize)}>
          {t('more')}
        </Button>
      )}
      {open !== null && (
        <Lightbox
          root={root}
          pictures={pictures}
          first={open}
          close={() => setOpen(null)}
          download={download}
        />
      )}
    </Stack>
  )
}

interface RowProps {
  readonly entry: DirectoryEntry
  readonly path: string
  readonly download: (path: string, name: string) => void
}

function Row({ entry: { name, type, claimedBytes }, path, download }: RowProps): ReactNode {
  const t = useWords(words)
  if (type === 'directory') {
    return (
      <li className={classes.row}>
        <IconFolder size={24} stroke={1.6} aria-label={t('folder')} role="img" />
        <Anchor component={Link} href={`?in=${encodeURIComponent(path)}`} py="sm">
          <bdi data-others>{name}</bdi>
        </Anchor>
      </li>
    )
  }
  return (
    <li className={classes.row}>
      <IconFile size={24} stroke={1.6} aria-hidden />
      <div>
        <Text>
          <bdi data-others>{name}</bdi>
        </Text>
        {claimedBytes !== null && (
          <Text size="sm" c="var(--soft)">
            {formatBytes(claimedBytes)}
          </Text>
        )}
      </div>
      <ActionIcon aria-label={t('downloadFile', { name })} onClick={() => download(path, name)}>
        <IconDownload size={22} />
      </ActionIcon>
    </li>
  )
}

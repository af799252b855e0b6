/**
 * An album in a list: its first picture, its name, whose it is, how much is in it.
 *
 * @module
 */
import type { Item } from '@effigy/store'
import { Card, Text } from '@mantine/core'
import { IconFolder } from '@tabler/icons-react'
import { memo, type ReactNode } from 'react'
import { Link } from 'wouter'
import { formatBytes } from '../../components/format.ts'
import { PersonName } from '../../components/person-name.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './albums.module.css'
import { albumPath, collectionOf, pictureType } from './collection-of.ts'
import { useDirectory, usePicture } from './use-directory.ts'
import { words } from './words.ts'

/** Bytes of a picture that is shown without being asked for. */
export const maxUnasked: number = 4 * 1024 * 1024

export const AlbumCard = memo(function AlbumCard({ item }: { readonly item: Item }): ReactNode {
  const t = useWords(words)
  const album = collectionOf(item)
  if (album === null) return null
  return (
    <Card withBorder bg="var(--card)" padding={0} className={classes.card ?? ''}>
      <Cover root={album.root} />
      <div className={classes.about}>
        <Text component={Link} href={albumPath(item)} fw={600} className={classes.over ?? ''}>
          <bdi data-others>{album.name}</bdi>
        </Text>
        <Text size="sm" c="var(--soft)">
          <Rich words={words} name="by" parts={{ who: <PersonName identity={item.identity} /> }} /> ·{' '}
          <TimeAgo at={item.sort} />
        </Text>
        <Text size="sm" c="var(--soft)">
          {t('files', { count: album.count })} · {formatBytes(album.bytes)}
        </Text>
      </div>
    </Card>
  )
})

function Cover({ root }: { readonly root: NonNullable<ReturnType<typeof collectionOf>>['root'] }): ReactNode {
  const answer = useDirectory(root, '')
  const first =
    answer.type === 'ready'
      ? (answer.entries.find(({ name, type }) => type !== 'directory' && pictureType(name) !== null) ?? null)
      : null
  const isSmall = first !== null && (first.claimedBytes ?? 0) <= maxUnasked
  const picture = usePicture(root, isSmall ? first.name : null, maxUnasked)
  return (
    <div className={classes.cover}>
      {picture.type === 'ready' ? (
        // Its name stands below.
        <img src={picture.url} alt="" className={classes.fill} draggable={false} />
      ) : (
        <IconFolder size={48} stroke={1.2} />
      )}
    </div>
  )
}

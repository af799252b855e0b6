/**
 * Albums of the people one follows, and one's own: covers to look at, and a way to share one.
 *
 * @module
 */
import { type Item, useLive } from '@effigy/react'
import { Button, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconPhoto, IconPlus } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { useShortcut } from '../../app/shortcuts.ts'
import { useIsLeaving } from '../../components/composer/leaving.ts'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import { AlbumCard } from './album-card.tsx'
import { collectionOf } from './collection-of.ts'
import { words } from './words.ts'

const pageSize = 24

/** Entries that one query gives. */
const maxShown = 500

export function Screen(): ReactNode {
  const t = useWords(words)
  const [, go] = useLocation()
  const [limit, setLimit] = useState(pageSize)
  const { type, value, error } = useLive('byType', 'collection', { limit })
  const make = (): void => go('/albums/new')
  useShortcut('a', t('doMake'), make)
  const albums = (value?.items ?? []).filter((item) => collectionOf(item) !== null)
  return (
    <Stack>
      <Group justify="space-between" align="start">
        <Stack gap={2} miw={0}>
          <Title order={1} size="h2">
            {t('title')}
          </Title>
          <Text c="var(--soft)">{t('intro')}</Text>
        </Stack>
        {albums.length > 0 && (
          <Button leftSection={<IconPlus size={20} />} onClick={make}>
            {t('make')}
          </Button>
        )}
      </Group>
      {error !== null && <Fault error={error} />}
      {type === 'pending' && limit === pageSize && <Skeleton h={240} radius="md" />}
      {type === 'ready' && albums.length === 0 && (
        <Empty icon={IconPhoto} title={t('emptyTitle')} text={t('empty')}>
          <Button leftSection={<IconPlus size={20} />} onClick={make}>
            {t('make')}
          </Button>
        </Empty>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {albums.map((item) => (
          <Placed key={item.cid} item={item} />
        ))}
      </SimpleGrid>
      {value?.next != null && limit < maxShown && (
        <Button
          variant="default"
          onClick={() => setLimit((shown) => Math.min(maxShown, shown + pageSize))}
          loading={type === 'pending'}
        >
          {t('more')}
        </Button>
      )}
    </Stack>
  )
}

function Placed({ item }: { readonly item: Item }): ReactNode {
  const isLeaving = useIsLeaving(item.cid)
  return isLeaving ? null : (
    <li>
      <AlbumCard item={item} />
    </li>
  )
}

/**
 * All that has one tag, of everybody whose posts are here.
 *
 * @module
 */
import { type Item, usePeer, useTimeline } from '@effigy/react'
import { Button, Group, Stack } from '@mantine/core'
import { IconHash, IconPinned } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, useParams } from 'wouter'
import { Empty } from '../../components/empty.tsx'
import { Fault, useFail } from '../../components/fault.tsx'
import { ItemList } from '../../components/list/item-list.tsx'
import { Waiting } from '../../components/list/waiting.tsx'
import { NoteCard } from '../../components/note-card.tsx'
import { ScreenHead } from '../../components/screen-head.tsx'
import { useWords } from '../../words/use-words.ts'
import { keepTag, useKeptTags } from '../home/kept-tags.ts'
import { words } from './words.ts'

const keyOf = (item: Item): string => item.cid
const row = (item: Item): ReactNode => <NoteCard item={item} />

export function Screen(): ReactNode {
  const t = useWords(words)
  const fail = useFail()
  const peer = usePeer()
  // Decoded by the router.
  const { label = '' } = useParams<{ label: string }>()
  const isKept = useKeptTags().includes(label.normalize('NFC').toLowerCase())
  const list = useTimeline({ tag: label, comments: true, hops: true })
  const { type, items, error } = list
  return (
    <Stack>
      <ScreenHead title={<bdi data-others>#{label}</bdi>}>
        <Button
          variant={isKept ? 'light' : 'default'}
          size="sm"
          style={{ flexShrink: 0 }}
          aria-pressed={isKept}
          leftSection={<IconPinned size={18} aria-hidden />}
          onClick={() => keepTag(peer, label, !isKept).catch(fail)}
        >
          {t(isKept ? 'kept' : 'keep')}
        </Button>
      </ScreenHead>
      {error !== null && <Fault error={error} />}
      {type === 'pending' && <Waiting />}
      {type === 'ready' && items.length === 0 && (
        <Empty icon={IconHash} title={t('emptyTitle')} text={t('empty')}>
          <Group justify="center" gap="sm">
            <Button component={Link} href="/new">
              {t('write')}
            </Button>
            <Button component={Link} href="/people" variant="default">
              {t('findPeople')}
            </Button>
          </Group>
        </Empty>
      )}
      {items.length > 0 && <ItemList list={list} keyOf={keyOf} row={row} name={`tag ${label}`} />}
    </Stack>
  )
}

/**
 * What others said and did about oneself, the newest first; what is new is marked, and read once it was seen.
 *
 * @module
 */
import { useNotices, usePeer } from '@effigy/react'
import { ActionIcon, Button, Group, Modal, Stack, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBellZ, IconVolumeOff } from '@tabler/icons-react'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { Empty } from '../../components/empty.tsx'
import { Fault, useFail } from '../../components/fault.tsx'
import { ItemList } from '../../components/list/item-list.tsx'
import { Waiting } from '../../components/list/waiting.tsx'
import { useWords } from '../../words/use-words.ts'
import { type Bundle, bundlesOf } from './bundles.ts'
import { MutedWords } from './muted-words.tsx'
import { NewsLine } from './news-line.tsx'
import { words } from './words.ts'

const keyOf = (bundle: Bundle): string => bundle.key

/** ms that they are in view before they are no longer new. */
const seenMs = 2_000

export function Screen(): ReactNode {
  const t = useWords(words)
  const list = useNotices()
  const { type, items, error } = list
  const bundles = useMemo(() => bundlesOf(items), [items])
  const isNew = useSeen(bundles)
  const [isOpen, silence] = useDisclosure(false)
  const row = useCallback(
    (bundle: Bundle) => <NewsLine bundle={bundle} isNew={isNew.has(bundle.key)} />,
    [isNew],
  )
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h3">
          {t('title')}
        </Title>
        <ActionIcon aria-label={t('silence')} title={t('silence')} onClick={silence.open}>
          <IconVolumeOff size={22} stroke={1.6} />
        </ActionIcon>
      </Group>
      {error !== null && <Fault error={error} />}
      {type === 'pending' && <Waiting />}
      {type === 'ready' && items.length === 0 && (
        <Empty icon={IconBellZ} title={t('emptyTitle')} text={t('empty')}>
          <Button component={Link} href="/people">
            {t('findPeople')}
          </Button>
        </Empty>
      )}
      {bundles.length > 0 && (
        <ItemList list={{ ...list, items: bundles }} keyOf={keyOf} row={row} name="news" estimate={90} />
      )}
      <Modal
        opened={isOpen}
        onClose={silence.close}
        title={t('silence')}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <MutedWords />
      </Modal>
    </Stack>
  )
}

/** What was new when it was first shown stays marked while this screen is open; to the devices it is read. */
function useSeen(bundles: readonly Bundle[]): ReadonlySet<string> {
  const peer = usePeer()
  const fail = useFail()
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const unread = bundles.filter((bundle) => bundle.isUnread).map(({ key }) => key)
  const key = unread.join()
  useEffect(() => {
    if (key === '') return
    setMarked((before) => new Set([...before, ...key.split(',')]))
    const timer = setTimeout(() => {
      if (document.visibilityState === 'visible') peer.notices.markRead().catch(fail)
    }, seenMs)
    return () => clearTimeout(timer)
  }, [key, peer, fail])
  return marked
}

/**
 * Whether all is done: what still comes or goes, how far it is, and when the device may be closed.
 *
 * @module
 */
import type { PeerStatus } from '@effigy/peer'
import { useLive } from '@effigy/react'
import { Alert, List, Stack, Text } from '@mantine/core'
import {
  IconCircleCheck,
  IconCloudOff,
  IconPencilPause,
  IconRefresh,
  IconServerOff,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatBytes } from '../../components/format.ts'
import { PersonName } from '../../components/person-name.tsx'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import { syncOf } from './links.ts'
import { words } from './words.ts'

/** People whose progress is shown one by one; the sum has all. */
const maxShown = 6

export function SyncNow({ status }: { readonly status: PeerStatus }): ReactNode {
  const t = useWords(words)
  const places = useLive('delivery', 1).value?.places ?? []
  const keepsNothing = new Set(
    places.flatMap(({ identity, state }) => (state === 'unwanted' ? [identity] : [])),
  )
  const sync = syncOf(status, keepsNothing)
  return (
    <Stack gap="sm" role="status">
      {sync.isHeld && (
        <Alert color="yellow" icon={<IconPencilPause />} title={t('heldTitle')}>
          {t('held')}
        </Alert>
      )}
      {sync.refusing > 0 && (
        <Alert color="yellow" icon={<IconServerOff />} title={t('refusing', { count: sync.refusing })}>
          {t('refusingText')}
        </Alert>
      )}
      {sync.type === 'alone' && (
        <Alert color="gray" icon={<IconCloudOff />} title={t('syncAloneTitle')}>
          {t('syncAlone')}
        </Alert>
      )}
      {sync.type === 'safe' && (
        <Alert color="teal" icon={<IconCircleCheck />} title={t('safeTitle')}>
          {t('safe')}
        </Alert>
      )}
      {sync.type === 'busy' && (
        <Alert color="blue" icon={<IconRefresh />} title={t('busyTitle')}>
          <Stack gap="sm">
            <List size="sm">
              {sync.coming > 0 && <List.Item>{t('coming', { count: sync.coming })}</List.Item>}
              {sync.comingBytes > 0 && (
                <List.Item>{t('comingFiles', { size: formatBytes(sync.comingBytes) })}</List.Item>
              )}
              {sync.lacking > 0 && <List.Item>{t('lacking', { count: sync.lacking })}</List.Item>}
              {sync.coming + sync.comingBytes + sync.lacking === 0 && <List.Item>{t('looking')}</List.Item>}
            </List>
            <Behind feeds={status.feeds} />
          </Stack>
        </Alert>
      )}
    </Stack>
  )
}

function Behind({ feeds }: Pick<PeerStatus, 'feeds'>): ReactNode {
  const t = useWords(words)
  const open = feeds
    .filter(({ held, total }) => held < total)
    .sort((a, b) => b.total - b.held - a.total + a.held)
  if (open.length === 0) return null
  return (
    <Stack gap="xs">
      {open.slice(0, maxShown).map(({ identity, held, total }) => (
        <div key={identity}>
          <Text size="sm" fw={600}>
            <PersonName identity={identity} plain />
          </Text>
          <Working title={t('progress', { done: held, total })} done={held} total={total} />
        </div>
      ))}
    </Stack>
  )
}

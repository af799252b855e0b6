/**
 * What a person has to know on every screen: no network, nothing kept, data gone, a device that was taken out.
 *
 * @module
 */

import { useLive, usePagePeer, usePeer, useSync } from '@effigy/react'
import { Alert, Anchor, Stack, Text } from '@mantine/core'
import {
  IconCloudOff,
  IconDeviceMobileX,
  IconGhost,
  IconLifebuoy,
  IconPlugConnectedX,
} from '@tabler/icons-react'
import { type ReactNode, Suspense } from 'react'
import { Link } from 'wouter'
import { useWords } from '../words/use-words.ts'
import { aloneMs, useLasts } from './lasts.ts'
import { late } from './late.tsx'
import { useOwnProfile } from './own-profile.ts'
import { usePage } from './page-context.ts'
import { howTakenOut } from './taken-out.ts'
import { useOnline } from './use-online.ts'
import { words } from './words.ts'

/** Nothing of it is needed at once. */
const AccountNotices = late(
  async () => (await import('./account-notices/account-notices.tsx')).AccountNotices,
)

/** There is a network, hubs were chosen, and for some time none of them, nor anybody else, is connected. */
function useIsAlone(isOnline: boolean): boolean {
  const { hubs } = useOwnProfile()
  const status = useSync().value
  const isNobody = isOnline && hubs.length > 0 && status !== null && status.sessions.length === 0
  return useLasts(isNobody, aloneMs)
}

export function Notices(): ReactNode {
  const t = useWords(words)
  const state = usePagePeer(usePage())
  const isOnline = useOnline()
  const isAlone = useIsAlone(isOnline)
  const { identity } = usePeer()
  const account = useLive('account.show').value
  const storage = state.type === 'open' ? state.storage : null
  const takenOut = howTakenOut(state, identity, account)
  return (
    <Stack gap={0} role="status">
      {!isOnline && (
        <Alert radius={0} color="gray" icon={<IconCloudOff />} title={t('offline')}>
          <WhatWaits />
        </Alert>
      )}
      {isAlone && (
        <Alert radius={0} color="gray" icon={<IconPlugConnectedX />} title={t('alone')}>
          <WhatWaits />
        </Alert>
      )}
      {storage?.persistence === 'memory' && (
        <Alert radius={0} color="yellow" icon={<IconGhost />} title={t('memoryTitle')}>
          {t('memory')}
        </Alert>
      )}
      {storage?.isGone === true && (
        <Alert radius={0} color="yellow" icon={<IconLifebuoy />} title={t('goneTitle')}>
          {t('gone')}
        </Alert>
      )}
      {takenOut !== null && (
        <Alert radius={0} color="yellow" icon={<IconDeviceMobileX />} title={t('takenOutTitle')}>
          <Stack gap={0}>
            {t(takenOut === 'ended' ? 'takenOut' : 'takenOutUndecided')}
            <Anchor component={Link} href="/devices">
              {t('navDevices')}
            </Anchor>
            <Text size="sm" mt="xs">
              {t('takenOutByOther')}
            </Text>
            <Anchor component={Link} href="/account">
              {t('navAccount')}
            </Anchor>
          </Stack>
        </Alert>
      )}
      <Suspense fallback={null}>
        <AccountNotices />
      </Suspense>
    </Stack>
  )
}

function WhatWaits(): ReactNode {
  const t = useWords(words)
  return (
    <Anchor component={Link} href="/network">
      {t('whatWaits')}
    </Anchor>
  )
}

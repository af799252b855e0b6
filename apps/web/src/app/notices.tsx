/**
 * What a person has to know on every screen: no network, nothing kept, data gone.
 *
 * @module
 */

import { usePagePeer } from '@effigy/react'
import { Alert, Stack } from '@mantine/core'
import { IconCloudOff, IconGhost, IconLifebuoy } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'
import { usePage } from './page-context.ts'
import { useOnline } from './use-online.ts'
import { words } from './words.ts'

export function Notices(): ReactNode {
  const t = useWords(words)
  const state = usePagePeer(usePage())
  const isOnline = useOnline()
  const storage = state.type === 'open' ? state.storage : null
  return (
    <Stack gap={0} role="status">
      {!isOnline && <Alert radius={0} color="gray" icon={<IconCloudOff />} title={t('offline')} />}
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
    </Stack>
  )
}

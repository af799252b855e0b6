/**
 * While the data of this browser is opened: what takes long says how far it is.
 *
 * @module
 */

import type { Progress as Steps } from '@effigy/store'
import { Alert, Center, Loader, Progress, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatPercent } from '../components/format.ts'
import { useWords } from '../words/use-words.ts'
import { words } from './words.ts'

export interface StartingProps {
  readonly progress?: Steps | null
  /** Another tab has the data and does not answer. */
  readonly isSilent?: boolean
}

export function Starting({ progress = null, isSilent = false }: StartingProps): ReactNode {
  const t = useWords(words)
  const share = progress === null || progress.total === 0 ? null : progress.done / progress.total
  return (
    <Center mih="100dvh" p="xl" component="main">
      <Stack align="center" maw={420} role="status" aria-live="polite">
        {share === null ? (
          <>
            <Loader aria-hidden />
            <Text c="var(--soft)">{t('starting')}</Text>
          </>
        ) : (
          <>
            <Text>{t('startingProgress', { percent: formatPercent(share) })}</Text>
            <Progress value={share * 100} w={260} aria-label={t('starting')} />
          </>
        )}
        {isSilent && <Silent />}
      </Stack>
    </Center>
  )
}

/** Nothing is answered until a person has gone to that tab. */
export function Silent(): ReactNode {
  const t = useWords(words)
  return (
    <Alert title={t('silentTitle')} color="yellow">
      {t('silent')}
    </Alert>
  )
}

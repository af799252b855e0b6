/**
 * The data of this browser could not be opened: why, and what to do.
 *
 * @module
 */

import { EffigyError } from '@effigy/core'
import { finalCodes } from '@effigy/peer/page'
import { Button, Center, Group, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Fault } from '../components/fault.tsx'
import { useWords } from '../words/use-words.ts'
import { OtherAccounts } from './other-accounts.tsx'
import { usePage } from './page-context.ts'
import { words } from './words.ts'

/** After these the page itself has to be loaded anew. */
const needsReload: ReadonlySet<string> = new Set(finalCodes)

export function Failed({ code }: { readonly code: string }): ReactNode {
  const page = usePage()
  const t = useWords(words)
  return (
    <Center mih="100dvh" p="xl" component="main">
      <Stack maw={480}>
        <Title order={1}>{t('failedTitle')}</Title>
        <Fault error={new EffigyError(code, code)} />
        <Group>
          {!needsReload.has(code) && (
            <Button variant="default" onClick={() => void page.device.retry()}>
              {t('tryAgain')}
            </Button>
          )}
          <Button onClick={() => globalThis.location.reload()}>{t('reload')}</Button>
        </Group>
        <OtherAccounts />
      </Stack>
    </Center>
  )
}

/**
 * This browser: taking all of this person out of it.
 *
 * @module
 */
import { useLive } from '@effigy/react'
import { Button, Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { forgetSeenParts } from '../../app/account-notices/seen-parts.ts'
import { forgetReminder } from '../../app/account-notices/words-reminder.ts'
import { leaveAccount } from '../../app/accounts.ts'
import { usePage } from '../../app/page-context.ts'
import { forgetDrafts } from '../../components/composer/drafts.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function ThisBrowser(): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const { value: account } = useLive('account.show')
  const { act, isBusy, error } = useAct()
  const wipe = async (): Promise<void> => {
    const isLast = (account?.members.length ?? 1) < 2
    const text = t(isLast ? 'wipeLastText' : 'wipeText')
    if (await confirmAct({ title: t('wipe'), text, act: t('wipe'), typed: t('wipeWord') })) {
      act(async () => {
        await page.device.wipe()
        forgetDrafts()
        forgetReminder()
        forgetSeenParts()
        leaveAccount()
      })
    }
  }

  return (
    <Stack component="section" aria-labelledby="this-browser">
      <Title order={2} size="h3" id="this-browser">
        {t('thisBrowser')}
      </Title>
      <Text>{t('wipeLead')}</Text>
      {error !== null && <Fault error={error} />}
      <Group>
        <Button color="red" variant="light" loading={isBusy} onClick={() => void wipe()}>
          {t('wipe')}
        </Button>
      </Group>
    </Stack>
  )
}

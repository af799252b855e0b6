/**
 * This browser: taking all of this person out of it.
 *
 *     words that are nowhere else ─▶ written down first
 *     the main device of several  ─▶ another one first, or a second question
 *
 * @module
 */
import type { AccountView } from '@effigy/peer'
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { forgetSeenParts } from '../../app/account-notices/seen-parts.ts'
import { forgetReminder } from '../../app/account-notices/words-reminder.ts'
import { leaveAccount } from '../../app/accounts.ts'
import { usePage } from '../../app/page-context.ts'
import { forgetDrafts } from '../../components/composer/drafts.ts'
import { leaveNow } from '../../components/composer/leaving.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

/** What would be gone for good with this browser; null: nothing that another device or the words do not have. */
function onlyHere(account: AccountView | null): 'words' | 'main' | 'handing' | null {
  if (account === null) return null
  const { role, members, phraseConfirmed, handingTo } = account
  if (phraseConfirmed === false) return 'words'
  // The key of the account is here until the other one says that it has it.
  if (handingTo !== null) return 'handing'
  return role === 'main' && members.length > 1 ? 'main' : null
}

export interface ThisBrowserProps {
  /** Leads to the devices, one of which can be made the main one. */
  readonly toDevices: () => void
}

export function ThisBrowser({ toDevices }: ThisBrowserProps): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const peer = usePeer()
  const { value: account } = useLive('account.show')
  const { act, isBusy, error } = useAct()
  const [isStopped, setStopped] = useState(false)
  const last = onlyHere(account)
  const wipe = async (): Promise<void> => {
    const alone = (account?.members.length ?? 1) < 2 ? 'wipeLastText' : 'wipeText'
    const text = t(last === null ? alone : 'wipeMainText')
    if (await confirmAct({ title: t('wipe'), text, act: t('wipe'), typed: t('wipeWord') })) {
      act(async () => {
        await leaveNow(peer)
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
      {isStopped && last !== null ? (
        <Alert color="yellow" title={t(`stop_${last}`)}>
          <Stack gap="sm" align="start">
            {t(`stopText_${last}`)}
            {last === 'words' ? (
              <Button component={Link} href="/account" variant="default">
                {t('toWords')}
              </Button>
            ) : (
              <Group gap="sm">
                <Button variant="default" onClick={toDevices}>
                  {t('toDevices')}
                </Button>
                <Button color="red" variant="subtle" loading={isBusy} onClick={() => void wipe()}>
                  {t('wipeAnyway')}
                </Button>
              </Group>
            )}
          </Stack>
        </Alert>
      ) : (
        <Group>
          <Button
            color="red"
            variant="light"
            // Before it is known what is here alone, nothing is removed.
            disabled={account === null}
            loading={isBusy}
            onClick={() => (last === null ? void wipe() : setStopped(true))}
          >
            {t('wipe')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

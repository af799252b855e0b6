/**
 * This browser: its lock, where it has one, and taking all of this person out of it.
 *
 * @module
 */
import { useLive, usePeer } from '@effigy/react'
import { Button, Group, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
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
  const { identity } = usePeer()
  const { value: account } = useLive('account.show')
  const { act, isBusy, error } = useAct()
  const [hasPassphrase, setPassphrase] = useState(false)
  const [isChanging, setChanging] = useState(false)

  useEffect(() => {
    page.device.locks().then(
      (locks) => setPassphrase(locks.some(({ type }) => type === 'passphrase')),
      () => {},
    )
  }, [page])

  const wipe = async (): Promise<void> => {
    const isLast = (account?.members.length ?? 1) < 2
    const text = t(isLast ? 'wipeLastText' : 'wipeText')
    if (await confirmAct({ title: t('wipe'), text, act: t('wipe'), typed: t('wipeWord') })) {
      act(async () => {
        await page.device.wipe()
        forgetDrafts(identity)
        leaveAccount()
      })
    }
  }

  return (
    <Stack component="section" aria-labelledby="this-browser">
      <Title order={2} size="h3" id="this-browser">
        {t('thisBrowser')}
      </Title>
      {hasPassphrase && (
        <>
          <Text>{t('lockLead')}</Text>
          <Group>
            <Button variant="default" disabled={isBusy} onClick={() => act(() => page.device.lock())}>
              {t('lock')}
            </Button>
            <Button variant="subtle" onClick={() => setChanging(!isChanging)} aria-expanded={isChanging}>
              {t('changePassphrase')}
            </Button>
          </Group>
          {isChanging && <ChangePassphrase onClose={() => setChanging(false)} />}
        </>
      )}
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

function ChangePassphrase({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const { act, isBusy, error } = useAct()
  const [before, setBefore] = useState('')
  const [next, setNext] = useState('')
  const [fault, setFault] = useState<unknown>(null)

  function change(event: FormEvent): void {
    event.preventDefault()
    setFault(null)
    act(async () => {
      const changed = await page.device.putLock(next, before)
      if (changed.ok) onClose()
      else setFault(changed.error)
    })
  }

  const wrong = error ?? fault
  return (
    <form onSubmit={change}>
      <Stack>
        <PasswordInput
          label={t('passphraseBefore')}
          value={before}
          onChange={({ currentTarget }) => setBefore(currentTarget.value)}
          autoComplete="current-password"
        />
        <PasswordInput
          label={t('passphraseNext')}
          value={next}
          onChange={({ currentTarget }) => setNext(currentTarget.value)}
          autoComplete="new-password"
        />
        {wrong !== null && <Fault error={wrong} />}
        <Group justify="flex-end">
          <Button type="submit" loading={isBusy} disabled={before === '' || next === ''}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/**
 * The vault of this browser waits for its passphrase or passkey; and what is left to who has neither.
 *
 * @module
 */
import type { LockName, LockSecret } from '@effigy/crypto/browser'
import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { forgetSeenParts } from '../../app/account-notices/seen-parts.ts'
import { forgetReminder } from '../../app/account-notices/words-reminder.ts'
import { leaveAccount } from '../../app/accounts.ts'
import { noteTouch } from '../../app/idle-lock.ts'
import { OtherAccounts } from '../../app/other-accounts.tsx'
import { usePage } from '../../app/page-context.ts'
import { forgetDrafts } from '../../components/composer/drafts.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { LanguageSelect } from '../../components/language-select.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { askPasskey, credentialsOf, hasPassphrase } from '../lock/secrets.ts'
import classes from './locked-screen.module.css'
import { words } from './words.ts'

export function Screen({ wrong }: { readonly wrong: number }): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const { act, isBusy, error } = useAct()
  const [locks, setLocks] = useState<readonly LockName[] | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [isWrong, setWrong] = useState(wrong > 0)
  useEffect(() => {
    page.device.locks().then(setLocks, () => {})
  }, [page])
  if (locks === null) return <main className={classes.page} />
  const isTyped = hasPassphrase(locks)
  const isKeyed = credentialsOf(locks).length > 0

  const unlock = (secretOf: (signal: AbortSignal) => Promise<LockSecret>): void =>
    act(async (signal) => {
      setWrong(false)
      const secret = await secretOf(signal)
      // Before it is open: then it is looked whether it was left alone for too long.
      noteTouch(Date.now())
      const opened = await page.device.unlock(secret)
      if (opened.ok) return
      // The same words, whatever it was.
      if (opened.error.code !== 'passphrase-wrong') throw opened.error
      setWrong(true)
    })

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    unlock(async () => passphrase)
  }

  const startAnew = async (): Promise<void> => {
    const question = { title: t('anewTitle'), text: t('anewText'), act: t('anew'), typed: t('anewWord') }
    if (!(await confirmAct(question))) return
    act(async () => {
      await page.device.wipe()
      forgetDrafts()
      forgetReminder()
      forgetSeenParts()
      leaveAccount()
    })
  }

  return (
    <main className={classes.page}>
      <Stack>
        <Title order={1}>{t('title')}</Title>
        <Text>{t(isTyped ? 'lead' : 'leadPasskey')}</Text>
        {isTyped && (
          <form onSubmit={submit}>
            <Stack>
              <PasswordInput
                label={t('passphrase')}
                value={passphrase}
                onChange={({ currentTarget }) => setPassphrase(currentTarget.value)}
                error={isWrong && t('wrong')}
                autoComplete="current-password"
                data-autofocus
              />
              <Button type="submit" loading={isBusy} disabled={passphrase === ''}>
                {t('unlock')}
              </Button>
            </Stack>
          </form>
        )}
        {isKeyed && (
          <Button
            variant={isTyped ? 'default' : 'filled'}
            leftSection={<IconFingerprint size={20} />}
            loading={isBusy && !isTyped}
            disabled={isBusy}
            onClick={() => unlock((signal) => askPasskey(locks, signal))}
          >
            {t('withPasskey')}
          </Button>
        )}
        {error !== null && <Fault error={error} />}
        <Button variant="subtle" disabled={isBusy} onClick={() => void startAnew()}>
          {t('lost')}
        </Button>
        <OtherAccounts />
        <LanguageSelect size="sm" />
      </Stack>
    </main>
  )
}

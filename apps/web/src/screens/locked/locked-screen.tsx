/**
 * The vault of this browser waits for its passphrase.
 *
 * @module
 */
import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { usePage } from '../../app/page-context.ts'
import { Fault } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './locked-screen.module.css'
import { words } from './words.ts'

export function Screen({ wrong }: { readonly wrong: number }): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const [passphrase, setPassphrase] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  async function unlock(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const opened = await page.device.unlock(passphrase)
      if (!opened.ok && opened.error.code !== 'passphrase-wrong') setError(opened.error)
    } catch (reason) {
      setError(reason)
    } finally {
      setBusy(false)
    }
  }

  return (
    <main className={classes.page}>
      <form onSubmit={(event) => void unlock(event)}>
        <Stack w={360} maw="100%">
          <Title order={1}>{t('title')}</Title>
          <Text>{t('lead')}</Text>
          <PasswordInput
            label={t('passphrase')}
            value={passphrase}
            onChange={({ currentTarget }) => setPassphrase(currentTarget.value)}
            error={wrong > 0 && t('wrong')}
            autoComplete="current-password"
          />
          {error !== null && <Fault error={error} />}
          <Button type="submit" loading={isBusy} disabled={passphrase === ''}>
            {t('unlock')}
          </Button>
        </Stack>
      </form>
    </main>
  )
}

/**
 * A passphrase, typed twice: nobody can tell it again.
 *
 * @module
 */
import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export interface NewPassphraseProps {
  /** Of the button. */
  readonly act: string
  readonly isBusy: boolean
  readonly onPassphrase: (passphrase: string) => void
  readonly onCancel: () => void
  /** Above the fields. */
  readonly children?: ReactNode
}

export function NewPassphrase({
  act,
  isBusy,
  onPassphrase,
  onCancel,
  children,
}: NewPassphraseProps): ReactNode {
  const t = useWords(words)
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const differs = again !== '' && again !== passphrase

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (again === passphrase) onPassphrase(passphrase)
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        <PasswordInput
          label={t('passphrase')}
          description={t('passphraseHelp')}
          value={passphrase}
          onChange={({ currentTarget }) => setPassphrase(currentTarget.value)}
          autoComplete="new-password"
          disabled={isBusy}
        />
        <PasswordInput
          label={t('repeat')}
          value={again}
          onChange={({ currentTarget }) => setAgain(currentTarget.value)}
          error={differs && t('differs')}
          autoComplete="new-password"
          disabled={isBusy}
        />
        <Group justify="flex-end">
          <Button variant="default" disabled={isBusy} onClick={onCancel}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={passphrase === '' || again !== passphrase}>
            {act}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

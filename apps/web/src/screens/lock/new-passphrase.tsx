/**
 * A new passphrase for a lock, and what is done with it.
 *
 * @module
 */
import { Button, Group, Stack } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useWords } from '../../words/use-words.ts'
import { PassphraseTwice } from './passphrase-twice.tsx'
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
  const [passphrase, setPassphrase] = useState<string | null>(null)

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (passphrase !== null) onPassphrase(passphrase)
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        <PassphraseTwice
          label={t('passphrase')}
          help={t('passphraseHelp')}
          isBusy={isBusy}
          onChange={setPassphrase}
        />
        <Group justify="flex-end">
          <Button variant="default" disabled={isBusy} onClick={onCancel}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={passphrase === null}>
            {act}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

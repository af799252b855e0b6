/**
 * Where the passphrase of a new lock is typed: few want one at the first run.
 *
 * @module
 */
import { PasswordInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export interface PassphraseFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

export function PassphraseField({ value, onChange }: PassphraseFieldProps): ReactNode {
  const t = useWords(words)
  return (
    <PasswordInput
      label={t('passphrase')}
      description={t('passphraseHelp')}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      autoComplete="new-password"
    />
  )
}

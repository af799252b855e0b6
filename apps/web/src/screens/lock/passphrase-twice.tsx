/**
 * The fields of a new passphrase: typed twice, as nobody can tell it again.
 *
 *     both the same, and long enough ─▶ the passphrase          else ─▶ null
 *
 * @module
 */
import { PasswordInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

/** Characters; what takes it refuses less. */
const minLength = 8

export interface PassphraseTwiceProps {
  readonly label: string
  readonly help: string
  readonly isBusy?: boolean
  /** Null: not yet. */
  readonly onChange: (passphrase: string | null) => void
}

export function PassphraseTwice({ label, help, isBusy = false, onChange }: PassphraseTwiceProps): ReactNode {
  const t = useWords(words)
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const differs = again !== '' && again !== passphrase

  function take(first: string, second: string): void {
    setPassphrase(first)
    setAgain(second)
    onChange(first === second && [...first].length >= minLength ? first : null)
  }

  return (
    <>
      <PasswordInput
        label={label}
        description={help}
        value={passphrase}
        onChange={({ currentTarget }) => take(currentTarget.value, again)}
        autoComplete="new-password"
        disabled={isBusy}
      />
      <PasswordInput
        label={t('repeat')}
        value={again}
        onChange={({ currentTarget }) => take(passphrase, currentTarget.value)}
        error={differs && t('differs')}
        autoComplete="new-password"
        disabled={isBusy}
      />
    </>
  )
}

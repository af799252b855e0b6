/**
 * Where the passphrase of a new lock is typed: few want one at the first run.
 *
 * @module
 */
import type { ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import { PassphraseTwice } from '../lock/passphrase-twice.tsx'
import { words } from './words.ts'

export interface PassphraseFieldProps {
  /** Null: it is not the same twice, or too short. */
  readonly onChange: (passphrase: string | null) => void
}

export function PassphraseField({ onChange }: PassphraseFieldProps): ReactNode {
  const t = useWords(words)
  return <PassphraseTwice label={t('passphrase')} help={t('passphraseHelp')} onChange={onChange} />
}

/**
 * Who else has an account in this browser, and how they get back to it: nobody is shut out by the one that is open.
 *
 * @module
 */
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'
import { browserAccounts, pageAccountName, switchAccount } from './accounts.ts'
import { words } from './words.ts'

export function OtherAccounts(): ReactNode {
  const t = useWords(words)
  const open = pageAccountName()
  const others = browserAccounts().filter(({ name }) => name !== open)
  return others.map(({ name, label }) => (
    <Button key={name} variant="default" onClick={() => switchAccount(name)}>
      {label.trim() === '' ? t('backToOther') : t('backTo', { name: label })}
    </Button>
  ))
}

/**
 * My account: what makes it one's own for good, copies of it, others in this browser, and the end of it.
 *
 * @module
 */
import { Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../../words/use-words.ts'
import { Accounts } from './accounts.tsx'
import { Copies } from './copies.tsx'
import { Custodians } from './custodians.tsx'
import { DeleteAll } from './delete-all.tsx'
import { HeldParts } from './held-parts.tsx'
import { SecretWords } from './secret-words.tsx'
import { TakeBack } from './take-back.tsx'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  return (
    <Stack gap="xl">
      <Title order={1}>{t('title')}</Title>
      <SecretWords />
      <HeldParts />
      <Custodians />
      <Copies />
      <TakeBack />
      <Accounts />
      <DeleteAll />
    </Stack>
  )
}

/**
 * Several accounts in this browser: which there are, another one.
 *
 * @module
 */
import { Button, Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import {
  browserAccounts,
  freeAccountName,
  labelAccount,
  openAccountName,
  switchAccount,
} from '../../app/accounts.ts'
import { useOwnProfile } from '../../app/own-profile.ts'
import { useWords } from '../../words/use-words.ts'
import { Section } from './section.tsx'
import { words } from './words.ts'

export function Accounts(): ReactNode {
  const t = useWords(words)
  const { name: own } = useOwnProfile()
  useEffect(() => labelAccount(own), [own])
  const open = openAccountName()
  const free = freeAccountName()
  const others = browserAccounts().filter(({ name }) => name !== open)
  return (
    <Section title={t('accounts')} text={t('accountsLead')}>
      <Stack gap="xs">
        {others.map(({ name, label }) => (
          <Group key={name} justify="space-between">
            <Text fw={600}>
              <bdi>{label.trim() === '' ? t('nameless') : label}</bdi>
            </Text>
            <Button variant="default" onClick={() => switchAccount(name)}>
              {t('open')}
            </Button>
          </Group>
        ))}
      </Stack>
      {free !== null && (
        <Group>
          <Button variant="default" onClick={() => switchAccount(free)}>
            {t('another')}
          </Button>
        </Group>
      )}
    </Section>
  )
}

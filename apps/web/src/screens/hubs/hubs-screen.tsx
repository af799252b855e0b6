/**
 * The hubs of one's own: where what one wrote is while one's devices are off.
 *
 * @module
 */
import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useOwnProfile } from '../../app/own-profile.ts'
import { useWords } from '../../words/use-words.ts'
import { AddHub } from './add-hub.tsx'
import { HubCard } from './hub-card.tsx'
import { MoveHub } from './move-hub.tsx'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const { hubs } = useOwnProfile()
  return (
    <Stack>
      <Stack gap={2}>
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        <Text c="var(--soft)">{hubs.length === 0 ? t('introNone') : t('intro')}</Text>
      </Stack>
      {hubs.map((hub) => (
        <HubCard key={hub[0]} hub={hub} />
      ))}
      <AddHub />
      <MoveHub />
    </Stack>
  )
}

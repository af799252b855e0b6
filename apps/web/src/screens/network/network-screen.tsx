/**
 * Connections: who is there and how, whether all is done, who has what one wrote, what it cost.
 *
 * @module
 */
import { useSync } from '@effigy/react'
import { Button, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { Section } from '../../components/section.tsx'
import { useWords } from '../../words/use-words.ts'
import { Delivery } from './delivery.tsx'
import { LinkList } from './link-list.tsx'
import { linksOf } from './links.ts'
import { LivePicture } from './live-picture.tsx'
import { OwnChoices } from './own-choices.tsx'
import { SyncNow } from './sync-now.tsx'
import { Traffic } from './traffic.tsx'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const { value: status, error } = useSync()
  const links = status === null ? [] : linksOf(status)
  return (
    <Stack>
      <Stack gap={2}>
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        <Text c="var(--soft)">{t('intro')}</Text>
      </Stack>
      {error !== null && <Fault error={error} />}
      {status === null ? (
        <Skeleton h={320} radius="md" />
      ) : (
        <>
          <SyncNow status={status} />
          <Section title={t('nowTitle')}>
            {links.length === 0 ? (
              <Empty icon={IconPlugConnectedX} title={t('aloneTitle')} text={t('alone')}>
                <Button component={Link} href="/hubs" variant="default">
                  {t('toHubs')}
                </Button>
              </Empty>
            ) : (
              <>
                <LivePicture links={links} />
                <LinkList links={links} />
              </>
            )}
          </Section>
          <Delivery />
          <Traffic status={status} />
        </>
      )}
      <OwnChoices />
    </Stack>
  )
}

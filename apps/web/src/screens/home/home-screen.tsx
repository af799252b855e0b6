/**
 * Home: what the people one follows have written, the newest first.
 *
 * @module
 */

import { useTimeline } from '@effigy/react'
import type { Item } from '@effigy/store'
import { Button, Card, Group, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { IconPlant2 } from '@tabler/icons-react'
import { memo, type ReactNode } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { Composer } from '../../components/composer/composer.tsx'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { PersonName } from '../../components/person-name.tsx'
import { RichText } from '../../components/rich-text.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { usePerson } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const { type, items, hasMore, loadMore, error } = useTimeline()
  return (
    <Stack>
      <VisuallyHidden>
        <Title order={1}>{t('title')}</Title>
      </VisuallyHidden>
      <Composer />
      {error !== null && <Fault error={error} />}
      {type === 'ready' && items.length === 0 && (
        <Empty icon={IconPlant2} title={t('emptyTitle')} text={t('empty')}>
          {null}
        </Empty>
      )}
      {items.map((item) => (
        <Note key={item.cid} item={item} />
      ))}
      {hasMore && (
        <Button variant="default" onClick={loadMore}>
          {t('older')}
        </Button>
      )}
    </Stack>
  )
}

const Note = memo(function Note({ item }: { readonly item: Item }): ReactNode {
  const person = usePerson(item.identity)
  const payload = item.state.type === 'shown' ? item.state.payload : null
  return (
    <Card component="article" withBorder bg="var(--card)">
      <Group wrap="nowrap" align="start">
        <Avatar {...person} />
        <Stack gap={4} miw={0}>
          <Text size="sm" c="var(--soft)">
            <Text span c="var(--mantine-color-text)" fw={600}>
              <PersonName identity={item.identity} />
            </Text>{' '}
            <TimeAgo at={item.sort} />
          </Text>
          {payload !== null && 'text' in payload && typeof payload.text === 'string' && (
            <RichText text={payload.text} />
          )}
        </Stack>
      </Group>
    </Card>
  )
})

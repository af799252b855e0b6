/**
 * What somebody wrote, the newest first.
 *
 * @module
 */
import { type PersonView, useTimeline } from '@effigy/react'
import { Button, Card, Center, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Fault } from '../../components/fault.tsx'
import { RichText } from '../../components/rich-text.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function PersonNotes({ person }: { readonly person: PersonView }): ReactNode {
  const t = useWords(words)
  const { type, items, error, hasMore, isLoadingMore, loadMore } = useTimeline({
    identities: [person.identity],
    hops: true,
    pageSize: 20,
  })
  if (error !== null) return <Fault error={error} />
  if (items.length === 0) {
    return type === 'ready' && person.isKnown ? (
      <Text c="var(--soft)" ta="center" py="xl">
        {t('noNotes')}
      </Text>
    ) : null
  }
  return (
    <Stack component="section" aria-labelledby="their-notes">
      <Title order={2} size="h4" id="their-notes">
        {t('notes')}
      </Title>
      {items.map((item) => (
        <Card key={item.cid} component="article" withBorder bg="var(--card)">
          <Text size="sm" c="var(--soft)">
            <TimeAgo at={item.sort} />
          </Text>
          {item.state.type === 'shown' &&
            'text' in item.state.payload &&
            typeof item.state.payload.text === 'string' && <RichText text={item.state.payload.text} />}
        </Card>
      ))}
      {hasMore && (
        <Center>
          <Button variant="default" onClick={loadMore} loading={isLoadingMore}>
            {t('older')}
          </Button>
        </Center>
      )}
    </Stack>
  )
}

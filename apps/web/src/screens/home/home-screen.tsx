/**
 * Home: what the people one follows have written, the newest first.
 *
 * @module
 */

import { usePeer, useTimeline } from '@effigy/react'
import type { Item } from '@effigy/store'
import { Button, Card, Group, Stack, Text, Textarea, Title, VisuallyHidden } from '@mantine/core'
import { IconPlant2 } from '@tabler/icons-react'
import { type FormEvent, memo, type ReactNode, useState } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { Empty } from '../../components/empty.tsx'
import { Fault, useFail } from '../../components/fault.tsx'
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
      <Write />
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

function Write(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [text, setText] = useState('')
  const [isBusy, setBusy] = useState(false)

  async function post(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    try {
      await peer.publish({ type: 'public_note', at: Date.now(), text })
      setText('')
    } catch (error) {
      fail(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form onSubmit={(event) => void post(event)}>
      <Stack gap="xs">
        <Textarea
          aria-label={t('sayHello')}
          placeholder={t('placeholder')}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          autosize
          minRows={2}
          maxRows={12}
        />
        <Group justify="flex-end">
          <Button type="submit" disabled={text.trim() === ''} loading={isBusy}>
            {t('post')}
          </Button>
        </Group>
      </Stack>
    </form>
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

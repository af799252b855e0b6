/**
 * Messages: conversations with people and groups, the newest first, and a line for strangers who ask.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { useConversations, useLive, useTalkCounts } from '@effigy/react'
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { IconMailQuestion, IconMessageCircle, IconPencilPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useOwn } from '../../app/own-identities.ts'
import { useShortcut } from '../../app/shortcuts.ts'
import { Empty } from '../../components/empty.tsx'
import { Fault } from '../../components/fault.tsx'
import { useOwnGroups } from '../../components/use-own-groups.ts'
import { useWords } from '../../words/use-words.ts'
import { TalkRow } from './talk-row.tsx'
import classes from './talks.module.css'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const [, navigate] = useLocation()
  const own = useOwn()
  const { type, items, hasMore, loadMore, error } = useConversations()
  const groups = useOwnGroups()
  useShortcut('m', t('write'), () => navigate('/talks/new'))
  const isEmpty = type === 'ready' && items.length + groups.length === 0
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('title')}
        </Title>
        <Button component={Link} href="/talks/new" leftSection={<IconPencilPlus size={20} />}>
          {t('write')}
        </Button>
      </Group>
      <Asking />
      {error !== null && <Fault error={error} />}
      {isEmpty && (
        <Empty icon={IconMessageCircle} title={t('emptyTitle')} text={t('empty')}>
          <Button component={Link} href="/talks/new" variant="default">
            {t('write')}
          </Button>
        </Empty>
      )}
      <ul className={classes.list}>
        {groups.map(({ id, name }) => (
          <SilentGroup key={id} id={id} name={name} own={own} />
        ))}
        {items.map((talk) => (
          <li key={talk.name}>
            <TalkRow {...talk} own={own} />
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button variant="default" onClick={loadMore}>
          {t('more')}
        </Button>
      )}
    </Stack>
  )
}

/** Among conversations once something was said there. */
function SilentGroup({ id, name, own }: SilentGroupProps): ReactNode {
  const { type, value } = useLive('conversations.show', `g${id}`)
  if (type !== 'ready' || (value?.newestAt ?? 0) > 0) return null
  return (
    <li>
      <TalkRow name={`g${id}`} kind="group" title={name} persons={[]} newest={null} unread={0} own={own} />
    </li>
  )
}

interface SilentGroupProps {
  readonly id: string
  readonly name: string
  readonly own: ReadonlySet<Identity>
}

function Asking(): ReactNode {
  const t = useWords(words)
  const count = useTalkCounts().value?.requests ?? 0
  if (count === 0) return <Requests />
  return (
    <Card component={Link} href="/talks/requests" withBorder className={classes.asking ?? ''}>
      <Group wrap="nowrap">
        <IconMailQuestion size={28} stroke={1.6} aria-hidden />
        <div>
          <Text fw={600}>{t('asks', { count })}</Text>
          <Text size="sm" c="var(--soft)">
            {t('asksHelp')}
          </Text>
        </div>
      </Group>
    </Card>
  )
}

/** Nobody asks: the way there is a small one. */
function Requests(): ReactNode {
  const t = useWords(words)
  return (
    <Button component={Link} href="/talks/requests" variant="subtle" size="sm" style={{ alignSelf: 'start' }}>
      {t('requestsTitle')}
    </Button>
  )
}

/**
 * What the hub keeps for others, what waits in it, what it took down, whom it turns away.
 *
 * @module
 */
import { Button, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { formatBytes, formatDate } from '../../components/format.ts'
import { TimeAgo } from '../../components/time-ago.tsx'
import { useWords } from '../../words/use-words.ts'
import { Entries, Entry, Section, Short, Who } from './entry.tsx'
import { useAct, useAskedList } from './use-hub.ts'
import { words } from './words.ts'

interface LeaseRow {
  readonly feed: string
  readonly owner: string
  readonly bytes: number
  /** Ms. */
  readonly until: number
}

interface BoxRow {
  readonly to: string | null
  readonly drops: number
  readonly bytes: number
}

interface DecisionRow {
  readonly reason: string | null
  /** Ms. */
  readonly at: number
}

interface TakeDownRow extends DecisionRow {
  readonly content: string
}

interface BlockRow extends DecisionRow {
  readonly who: string
}

export function Kept(): ReactNode {
  return (
    <Stack gap="xl">
      <Leases />
      <Boxes />
      <TakenDown />
      <TurnedAway />
    </Stack>
  )
}

function Leases(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const asked = useAskedList<LeaseRow>('leases list')

  async function end({ feed }: LeaseRow): Promise<void> {
    const isMeant = await confirmAct({
      title: t('leaseEndTitle'),
      text: t('leaseEndText'),
      act: t('leaseEnd'),
    })
    if (isMeant) await act('leases end', { feed })
  }

  return (
    <Section title={t('leases')} text={t('leasesText')}>
      <Entries
        asked={asked}
        keyOf={({ feed }) => feed}
        nothing={t('nothing')}
        show={(row) => (
          <Entry
            title={<Who identity={row.owner} />}
            about={[t('leaseUntil', { size: formatBytes(row.bytes), date: formatDate(row.until) })]}
          >
            <Button variant="default" size="sm" onClick={() => void end(row)}>
              {t('leaseEnd')}
            </Button>
          </Entry>
        )}
      />
    </Section>
  )
}

function Boxes(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const asked = useAskedList<BoxRow>('drops list')

  async function clear({ to }: BoxRow): Promise<void> {
    const isMeant = await confirmAct({
      title: t('boxClearTitle'),
      text: t('boxClearText'),
      act: t('boxClear'),
    })
    if (isMeant) await act('drops clear', { to })
  }

  return (
    <Section title={t('boxes')} text={t('boxesText')}>
      <Entries
        asked={asked}
        keyOf={({ to }) => to ?? ''}
        nothing={t('nothing')}
        show={(row) => (
          <Entry
            title={row.to === null ? t('boxEverybody') : <Who identity={row.to} />}
            about={[t('boxCount', { count: row.drops, size: formatBytes(row.bytes) })]}
          >
            <Button variant="default" size="sm" onClick={() => void clear(row)}>
              {t('boxClear')}
            </Button>
          </Entry>
        )}
      />
    </Section>
  )
}

function TakenDown(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const asked = useAskedList<TakeDownRow>('takedowns list')
  return (
    <Section title={t('takenDown')}>
      <Entries
        asked={asked}
        keyOf={({ content }) => content}
        nothing={t('nothing')}
        show={(row) => (
          <Entry title={<Short name={row.content} />} about={[row.reason, <TimeAgo key="at" at={row.at} />]}>
            <Button
              variant="default"
              size="sm"
              onClick={() => void act('takedowns remove', { content: row.content })}
            >
              {t('takenDownBack')}
            </Button>
          </Entry>
        )}
      />
    </Section>
  )
}

function TurnedAway(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const asked = useAskedList<BlockRow>('blocks list')
  return (
    <Section title={t('turnedAway')}>
      <Entries
        asked={asked}
        keyOf={({ who }) => who}
        nothing={t('nothing')}
        show={(row) => (
          <Entry title={<Who identity={row.who} />} about={[row.reason, <TimeAgo key="at" at={row.at} />]}>
            <Button variant="default" size="sm" onClick={() => void act('blocks remove', { who: row.who })}>
              {t('unblock')}
            </Button>
          </Entry>
        )}
      />
    </Section>
  )
}

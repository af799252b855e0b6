/**
 * What members have reported, and what an operator makes of it.
 *
 * @module
 */
import { Anchor, Button, SegmentedControl, Spoiler, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { useWords } from '../../words/use-words.ts'
import { Entries, Entry, Who } from './entry.tsx'
import { PersonDrawer } from './people.tsx'
import { useAct, useAskedList } from './use-hub.ts'
import { words } from './words.ts'

interface ReportRow {
  readonly id: string
  readonly reason: string
  readonly about: string
  /** Null: the person is meant. */
  readonly content: string | null
  readonly from: string
  /** Ms. */
  readonly at: number
  readonly text: string
  readonly resolved: object | null
  readonly aboutName: string | null
  readonly fromName: string | null
  /** Null: not public, taken back, or not at the hub. */
  readonly said: string | null
  readonly saidIn: string | null
  /** No take-down reaches it. */
  readonly isInside: boolean
  readonly isTakenDown: boolean
  readonly isBlocked: boolean
}

/** Some eight lines: of a long note no more is seen until it is asked for. */
const maxSaidPx = 163

const reasons = ['spam', 'abuse', 'illegal', 'impersonation'] as const

export function Reports(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const [which, setWhich] = useState<'open' | 'resolved'>('open')
  const asked = useAskedList<ReportRow>('reports list', { which })
  const [open, setOpen] = useState<string | null>(null)

  async function takeDown({ content, saidIn, reason }: ReportRow): Promise<void> {
    const isMeant = await confirmAct({
      title: t('takeDownTitle'),
      text: t('takeDownText'),
      act: t('takeDown'),
    })
    if (!isMeant) return
    // What was reported, and what its author made of it since.
    for (const one of new Set([content, saidIn])) {
      if (one !== null) await act('takedowns add', { content: one, reason })
    }
  }

  return (
    <Stack>
      <Text c="var(--soft)">{t('reportsText')}</Text>
      <SegmentedControl
        value={which}
        onChange={(next) => setWhich(next as typeof which)}
        data={[
          { value: 'open', label: t('open') },
          { value: 'resolved', label: t('resolved') },
        ]}
      />
      <Entries
        asked={asked}
        keyOf={({ id }) => id}
        nothing={t('noReports')}
        show={(report) => (
          <Entry
            isLong
            title={t(reasons.find((known) => known === report.reason) ?? 'other')}
            about={[
              report.text === '' ? null : (
                <bdi data-others key="text">
                  {report.text}
                </bdi>
              ),
              <span key="about">
                {t('reportAbout')}{' '}
                <Anchor href={`/p/${report.about}`} target="_blank" rel="noopener" size="sm">
                  <Who identity={report.about} name={report.aboutName} />
                </Anchor>{' '}
                · {report.content === null ? t('reportWhole') : t('reportPart')}
                {report.isBlocked && ` · ${t('isBlocked')}`}
              </span>,
              report.content === null ? null : <Said key="said" report={report} />,
              <span key="from">
                {t('reportFrom')} <Who identity={report.from} name={report.fromName} /> ·{' '}
                <TimeAgo at={report.at} />
              </span>,
            ]}
          >
            <Button variant="default" size="sm" onClick={() => setOpen(report.about)}>
              {t('lookPerson')}
            </Button>
            {report.content !== null && !report.isTakenDown && !report.isInside && (
              <Button variant="default" size="sm" onClick={() => void takeDown(report)}>
                {t('takeDown')}
              </Button>
            )}
            {which === 'open' && (
              <Button size="sm" onClick={() => void act('reports resolve', { id: report.id })}>
                {t('resolve')}
              </Button>
            )}
          </Entry>
        )}
      />
      <PersonDrawer who={open} close={() => setOpen(null)} />
    </Stack>
  )
}

/** What was reported, as it stands now, where everybody may read it. */
function Said({ report: { said, isInside, isTakenDown } }: { readonly report: ReportRow }): ReactNode {
  const t = useWords(words)
  if (isTakenDown) return <>{t('saidTakenDown')}</>
  if (said === null) return <>{t('saidNothing')}</>
  return (
    <>
      <Spoiler maxHeight={maxSaidPx} showLabel={t('saidMore')} hideLabel={t('saidLess')} mt={4}>
        <Text component="blockquote" m={0} size="sm" c="var(--mantine-color-text)">
          <bdi data-others style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {said}
          </bdi>
        </Text>
      </Spoiler>
      {isInside && t('saidInside')}
    </>
  )
}

/**
 * Who is connected now: since when, as what, and how much it carried; and the end of one of them.
 *
 * @module
 */
import { type Identity, shortName } from '@effigy/core'
import { Button } from '@mantine/core'
import { type ReactNode, useContext, useMemo } from 'react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { formatBytes } from '../../components/format.ts'
import { TimeAgo } from '../../components/time-ago.tsx'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import { Entries, Entry, Section, Short } from './entry.tsx'
import { NamesContext, useAct, useAskedList } from './use-hub.ts'
import { words } from './words.ts'

interface ConnectionRow {
  /** Short. */
  readonly device: string
  readonly kind: 'peer' | 'hub'
  /** Ms. */
  readonly since: number
  readonly sentBytes: number
  readonly receivedBytes: number
}

const everyMs = 5_000

export function Connections(): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const asked = useAskedList<ConnectionRow>('connections list', {}, everyMs)
  const names = useShortNames()

  async function end({ device }: ConnectionRow): Promise<void> {
    const isMeant = await confirmAct({
      title: t('connectionEndTitle', { name: names.get(device) ?? device }),
      text: t('connectionEndText'),
      act: t('connectionEnd'),
    })
    if (isMeant) await act('connections end', { device })
  }

  return (
    <Section title={t('sessions')} text={t('connectionsText')}>
      <Entries
        asked={asked}
        keyOf={({ device, since }) => `${device} ${since}`}
        nothing={t('noConnections')}
        show={(row) => {
          const name = names.get(row.device)
          return (
            <Entry
              title={
                <>
                  {name !== undefined && (
                    <>
                      <bdi data-others>{name}</bdi>{' '}
                    </>
                  )}
                  <Short name={row.device} />
                </>
              }
              about={[
                <Rich
                  key="since"
                  words={words}
                  name={row.kind === 'hub' ? 'connectedHub' : 'connectedDevice'}
                  parts={{ when: <TimeAgo at={row.since} /> }}
                />,
                t('carried', { sent: formatBytes(row.sentBytes), received: formatBytes(row.receivedBytes) }),
              ]}
            >
              <Button
                variant="default"
                size="sm"
                onClick={() => void end(row)}
                aria-label={t('connectionEndOf', { name: name ?? row.device })}
              >
                {t('connectionEnd')}
              </Button>
            </Entry>
          )
        }}
      />
    </Section>
  )
}

/** Of members, by the short names of their devices. */
function useShortNames(): ReadonlyMap<string, string> {
  const names = useContext(NamesContext)
  return useMemo(
    () => new Map([...names].map(([identity, name]) => [shortName(identity as Identity), name])),
    [names],
  )
}

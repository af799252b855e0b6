/**
 * What was given and taken: with those who are connected, since they are.
 *
 * @module
 */
import type { PeerStatus, SessionTraffic } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Table, Text } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { useFail } from '../../components/fault.tsx'
import { formatBytes } from '../../components/format.ts'
import { PersonName } from '../../components/person-name.tsx'
import { Section } from '../../components/section.tsx'
import { useWords } from '../../words/use-words.ts'
import { HubName } from './link-list.tsx'
import { words } from './words.ts'

/** ms from one look to the next. */
const everyMs = 2_000

export function Traffic({ status }: { readonly status: PeerStatus }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [lines, setLines] = useState<readonly SessionTraffic[]>([])
  const who = status.sessions.map(({ identity }) => identity).join()

  useEffect(() => {
    let isOver = false
    const look = (): void => {
      if (document.hidden) return
      peer.traffic().then(
        (told) => {
          if (!isOver) setLines(told)
        },
        (error) => {
          if (!isOver) fail(error)
        },
      )
    }
    look()
    const timer = setInterval(look, everyMs)
    return () => {
      isOver = true
      clearInterval(timer)
    }
  }, [peer, fail, who])

  if (lines.length === 0) return null
  const sum = (name: 'sentBytes' | 'receivedBytes'): number =>
    lines.reduce((all, line) => all + line[name], 0)
  return (
    <Section title={t('trafficTitle')} text={t('trafficText')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('who')}</Table.Th>
            <Table.Th ta="end">{t('given')}</Table.Th>
            <Table.Th ta="end">{t('taken')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ identity, kind, sentBytes, receivedBytes }) => (
            <Table.Tr key={identity}>
              <Table.Td>
                {kind === 'hub' ? <HubName identity={identity} /> : <PersonName identity={identity} plain />}
              </Table.Td>
              <Table.Td ta="end">{formatBytes(sentBytes)}</Table.Td>
              <Table.Td ta="end">{formatBytes(receivedBytes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        {lines.length > 1 && (
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th>
                <Text span fw={600}>
                  {t('all')}
                </Text>
              </Table.Th>
              <Table.Th ta="end">{formatBytes(sum('sentBytes'))}</Table.Th>
              <Table.Th ta="end">{formatBytes(sum('receivedBytes'))}</Table.Th>
            </Table.Tr>
          </Table.Tfoot>
        )}
      </Table>
    </Section>
  )
}

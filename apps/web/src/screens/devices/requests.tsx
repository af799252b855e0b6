/**
 * What other devices ask of this one, the main one: to come in through a linked device, or to leave.
 *
 * @module
 */
import type { AccountRequest } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconBellRinging } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { doHere } from '../../app/account-notices/done-here.ts'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function Requests(): ReactNode {
  const t = useWords(words)
  const requests = useRequests()
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  if (requests.length === 0) return null
  return (
    <Stack role="status">
      {requests.map(({ id, type, label }) => (
        <Alert key={id} color="yellow" icon={<IconBellRinging />} title={t(`asks_${type}`, { label })}>
          <Stack gap="sm">
            <Text size="sm">{t(`asksHelp_${type}`)}</Text>
            <Group>
              <Button disabled={isBusy} onClick={() => act(() => doHere(() => peer.account.grant(id)))}>
                {t(`grant_${type}`)}
              </Button>
              <Button
                variant="default"
                disabled={isBusy}
                onClick={() => act(async () => void (await peer.account.deny(id)))}
              >
                {t('deny')}
              </Button>
            </Group>
          </Stack>
        </Alert>
      ))}
      {error !== null && <Fault error={error} />}
    </Stack>
  )
}

function useRequests(): readonly AccountRequest[] {
  const peer = usePeer()
  const [requests, setRequests] = useState<readonly AccountRequest[]>([])
  useEffect(() => {
    const stop = new AbortController()
    const follow = async (): Promise<void> => {
      for await (const next of peer.account.requests(stop.signal)) setRequests(next)
    }
    // The page is done with it.
    follow().catch(() => {})
    return () => stop.abort()
  }, [peer])
  return requests
}

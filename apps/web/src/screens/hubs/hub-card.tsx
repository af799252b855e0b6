/**
 * One hub of one's own: whether it is there, who runs it, how much of it one uses, and the way out.
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { EffigyError } from '@effigy/core'
import { usePeer } from '@effigy/react'
import { Badge, Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { formatBytes } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import { hostOf, useAbout } from './about-hub.ts'
import { HubFacts } from './hub-facts.tsx'
import { useHubState } from './hub-state.ts'
import { useLeave } from './use-leave.ts'
import { words } from './words.ts'

export function HubCard({ hub: [identity, url] }: { readonly hub: Hub }): ReactNode {
  const t = useWords(words)
  const { connection, isConnected, hasMine, keepsNothing } = useHubState(identity)
  const about = useAbout(identity, isConnected)
  const host = hostOf(url)
  const name = about === null || about.name.trim() === '' ? host : about.name
  const state = isConnected ? 'connected' : connection?.type === 'connecting' ? 'connecting' : 'away'

  const leave = useLeave([identity, url], name)

  return (
    <Card component="article" withBorder bg="var(--card)" p="md">
      <Stack gap="sm">
        <Group justify="space-between" align="start" wrap="nowrap">
          <Stack gap={0} miw={0}>
            <Title order={2} size="h4">
              <bdi data-others>{name}</bdi>
            </Title>
            <Text size="sm" c="var(--soft)" dir="ltr">
              {host}
            </Text>
          </Stack>
          <Badge
            variant="light"
            c="var(--mantine-color-text)"
            size="lg"
            tt="none"
            color={state === 'connected' ? 'teal' : state === 'connecting' ? 'blue' : 'gray'}
            style={{ flexShrink: 0 }}
          >
            {t(state)}
          </Badge>
        </Group>
        {state === 'connected' && (
          <Text size="sm">{t(hasMine ? 'hasMine' : keepsNothing ? 'keepsNothing' : 'lacksMine')}</Text>
        )}
        {connection !== null &&
          !isConnected &&
          (connection.type === 'waiting' || connection.type === 'refused') && (
            <Fault error={new EffigyError(connection.code, connection.code)} />
          )}
        {about !== null && <HubFacts about={about} />}
        <Quota hub={identity} isConnected={isConnected} />
        <Group justify="flex-end">
          <Button variant="default" size="sm" onClick={() => void leave()}>
            {t('leave')}
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}

interface Use {
  readonly bytes: number
  readonly maxBytes: number
}

function Quota({ hub, isConnected }: { readonly hub: Hub[0]; readonly isConnected: boolean }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const [use, setUse] = useState<Use | null>(null)
  useEffect(() => {
    if (!isConnected) return
    const stop = new AbortController()
    peer
      .call(hub, 'quota', 'get', {}, { signal: AbortSignal.any([stop.signal, AbortSignal.timeout(10_000)]) })
      .then(
        (answer) => {
          if (!answer.ok || stop.signal.aborted) return
          const { bytes, maxBytes, fileBytes, maxFileBytes } = answer.value.value
          const all = [bytes, fileBytes, maxBytes, maxFileBytes].map((one) =>
            typeof one === 'number' ? one : 0,
          )
          const [entries = 0, files = 0, mostEntries = 0, mostFiles = 0] = all
          if (mostEntries + mostFiles > 0)
            setUse({ bytes: entries + files, maxBytes: mostEntries + mostFiles })
        },
        () => {},
      )
    return () => stop.abort()
  }, [peer, hub, isConnected])
  if (use === null) return null
  const text = t('use', { used: formatBytes(use.bytes), most: formatBytes(use.maxBytes) })
  return (
    <Stack gap={4}>
      <Text size="sm">{text}</Text>
      <Progress value={Math.min(100, (use.bytes / use.maxBytes) * 100)} aria-label={text} />
    </Stack>
  )
}

/**
 * What keeps this device from writing, and what a person can do about it (spec F12, F14, S13).
 *
 *     two versions ─ both were me ─▶ one again        ─ one was not ─▶ how to take this device out
 *         └─ not all of both is anywhere ─ go on without the rest ─▶ one again, after a warning
 *     something may be missing ─ it comes ─▶ writes again by itself        ─ write anyway ─▶ now, after a warning
 *
 * @module
 */
import type { DisputedBranch } from '@effigy/peer'
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowsSplit, IconPencilPause } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useOwnWriting } from '../../app/own-writing.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { formatDateTime } from '../../components/format.ts'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function OwnWriting(): ReactNode {
  const own = useOwnWriting()
  switch (own?.type) {
    case 'disputed':
      return <Disputed branches={own.branches} />
    case 'held':
      return <Held />
    case undefined:
      return null
  }
}

function Disputed({ branches }: { readonly branches: readonly DisputedBranch[] | null }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const isMain = useLive('account.show').value?.role === 'main'
  const { act, isBusy, error } = useAct()
  const [isForeign, setForeign] = useState(false)
  const heal = (givingUp: boolean): void =>
    act(async () => {
      await peer.heal({ givingUp })
      notifications.show({ message: t('healed'), role: 'status' })
    })
  const goOn = async (): Promise<void> => {
    if (await confirmAct({ title: t('goOn'), text: t('goOnText'), act: t('goOn') })) heal(true)
  }
  return (
    <Alert color="yellow" icon={<IconArrowsSplit />} title={t('disputedTitle')} role="status">
      <Stack gap="sm">
        <Text size="sm">{t('disputedText')}</Text>
        {branches === null ? (
          <Text size="sm">{t('disputedWaits')}</Text>
        ) : (
          <List size="sm">
            {branches.map(({ head, entries, from, to }) => (
              <List.Item key={head}>
                {t('branch', { count: entries, from: formatDateTime(from), to: formatDateTime(to) })}
              </List.Item>
            ))}
          </List>
        )}
        {error !== null && <Fault error={error} />}
        <Stack gap={4} align="start">
          <Button disabled={branches === null} loading={isBusy} onClick={() => heal(false)}>
            {t('bothMe')}
          </Button>
          <Text size="sm">{t('bothMeHelp')}</Text>
        </Stack>
        {branches === null && (
          <Stack gap={4} align="start">
            <Button variant="default" disabled={isBusy} onClick={() => void goOn()}>
              {t('goOn')}
            </Button>
            <Text size="sm">{t('goOnHelp')}</Text>
          </Stack>
        )}
        <Stack gap={4} align="start">
          <Button variant="default" disabled={isBusy} onClick={() => setForeign(true)}>
            {t('notMe')}
          </Button>
          <Text size="sm" role={isForeign ? 'status' : undefined}>
            {t(isForeign ? (isMain ? 'notMeMain' : 'notMeLinked') : 'notMeHelp')}
          </Text>
        </Stack>
      </Stack>
    </Alert>
  )
}

function Held(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const write = async (): Promise<void> => {
    if (await confirmAct({ title: t('writeAnyway'), text: t('writeAnywayText'), act: t('writeAnyway') }))
      act(() => peer.writeAnyway())
  }
  return (
    <Alert color="yellow" icon={<IconPencilPause />} title={t('heldTitle')} role="status">
      <Stack gap="sm">
        <Text size="sm">{t('heldText')}</Text>
        {error !== null && <Fault error={error} />}
        <Group>
          <Button variant="default" loading={isBusy} onClick={() => void write()}>
            {t('writeAnyway')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

/**
 * One device of the account, and what can be done about it.
 *
 * @module
 */
import type { AccountMember } from '@effigy/peer'
import { useLive, usePeer } from '@effigy/react'
import { ActionIcon, Badge, Button, Card, Group, Menu, Stack, Text, TextInput } from '@mantine/core'
import { IconDeviceDesktop, IconDeviceMobile, IconDots } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { TimeAgo } from '../../components/time-ago.tsx'
import { useAct } from '../../components/use-act.ts'
import { Rich } from '../../words/rich.tsx'
import { useWords } from '../../words/use-words.ts'
import { RemoveDevice } from './remove-device.tsx'
import { words } from './words.ts'

export interface DeviceCardProps {
  readonly member: AccountMember
  /** This device is the main one, which decides. */
  readonly isMainHere: boolean
  readonly isHandingHere: boolean
}

/** UTF-16 units that surely fit the 24 bytes of a label. */
const maxLabelLength = 20

export function DeviceCard({ member, isMainHere, isHandingHere }: DeviceCardProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, cancel, isBusy, error } = useAct()
  const [doing, setDoing] = useState<'rename' | 'remove' | 'handing' | 'leaving' | null>(null)
  const { identity, label, isMain, isSelf } = member
  const isConnected = useIsConnected(identity)

  const handOver = async (): Promise<void> => {
    if (
      !(await confirmAct({
        title: t('handOverTitle'),
        text: t('handOverText', { label }),
        act: t('handOver'),
      }))
    )
      return
    setDoing('handing')
    act((signal) => peer.account.handOver(identity, { signal }).finally(() => setDoing(null)))
  }

  const leave = async (): Promise<void> => {
    if (!(await confirmAct({ title: t('leaveTitle'), text: t('leaveText'), act: t('leave') }))) return
    setDoing('leaving')
    act((signal) => peer.account.leave({ signal }).finally(() => setDoing(null)))
  }

  const canDo = isMainHere ? true : isSelf
  const Icon = /iphone|android|ipad/i.test(label) ? IconDeviceMobile : IconDeviceDesktop
  return (
    <Card component="article" withBorder bg="var(--card)" aria-label={label} data-others>
      <Stack gap="sm">
        <Group wrap="nowrap">
          <Icon size={32} stroke={1.4} />
          <Stack gap={2} flex={1} miw={0}>
            <Text fw={600}>
              <bdi>{label}</bdi>
            </Text>
            <Group gap="xs">
              {isSelf && <Badge variant="light">{t('this')}</Badge>}
              {isMain && <Badge variant="outline">{t('main')}</Badge>}
              {!isSelf && (
                <Text size="sm" c="var(--soft)">
                  {t(isConnected ? 'connected' : 'away')}
                </Text>
              )}
            </Group>
            {!isSelf && <LastWrote identity={identity} />}
          </Stack>
          {canDo && (
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <ActionIcon aria-label={t('menuOf', { label })}>
                  <IconDots size={22} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {isMainHere && <Menu.Item onClick={() => setDoing('rename')}>{t('rename')}</Menu.Item>}
                {isMainHere && !isSelf && (
                  <>
                    <Menu.Item onClick={() => void handOver()}>{t('handOver')}</Menu.Item>
                    <Menu.Item color="red" onClick={() => setDoing('remove')}>
                      {t('remove')}
                    </Menu.Item>
                  </>
                )}
                {!isMainHere && isSelf && (
                  <Menu.Item color="red" onClick={() => void leave()}>
                    {t('leave')}
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
        {doing === 'rename' && <Rename member={member} onClose={() => setDoing(null)} />}
        {doing === 'remove' && <RemoveDevice member={member} onClose={() => setDoing(null)} />}
        {((doing === 'handing' && isBusy) || isHandingHere) && <Text role="status">{t('handing')}</Text>}
        {doing === 'leaving' && isBusy && (
          <Group justify="space-between" role="status">
            <Text>{t('leaving')}</Text>
            <Button variant="subtle" onClick={cancel}>
              {t('cancel')}
            </Button>
          </Group>
        )}
        {error !== null && <Fault error={error} />}
      </Stack>
    </Card>
  )
}

/** By the newest head that is known of it: what tells a lost phone from an old one. */
function LastWrote({ identity }: Pick<AccountMember, 'identity'>): ReactNode {
  const t = useWords(words)
  const { value: feed, type } = useLive('inspecting.feed', identity)
  if (type !== 'ready') return null
  const at = feed?.head?.comparable ?? null
  return (
    <Text size="sm" c="var(--soft)">
      {at === null ? (
        t('neverSeen')
      ) : (
        <Rich words={words} name="lastWrote" parts={{ ago: <TimeAgo at={at} /> }} />
      )}
    </Text>
  )
}

function useIsConnected(identity: string): boolean {
  const { value } = useLive('status')
  return value?.sessions.some((session) => session.identity === identity) ?? false
}

function Rename({
  member: { identity, label },
  onClose,
}: {
  readonly member: AccountMember
  readonly onClose: () => void
}): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const [name, setName] = useState(label)

  function save(event: FormEvent): void {
    event.preventDefault()
    act(async () => {
      await peer.account.set({ labels: [[identity, name.trim()]] })
      onClose()
    })
  }

  return (
    <form onSubmit={save}>
      <Stack gap="sm">
        <TextInput
          label={t('newName')}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          maxLength={maxLabelLength}
          data-autofocus
        />
        {error !== null && <Fault error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={name.trim() === ''}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/**
 * From one hub to another, as far as it is: told by what is known of both, so it can be left and come back to.
 *
 *     asked for ─▶ one hub ─ another is used ─▶ it receives, n of m ─ it has everything ─▶ the old one is left
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { useLive, usePeer } from '@effigy/react'
import { Anchor, Button, Card, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { saveProfile, useOwnProfile } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { Fault } from '../../components/fault.tsx'
import { formatNumber } from '../../components/format.ts'
import { useAct } from '../../components/use-act.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import { hostOf } from './about-hub.ts'
import { aliasFor, claimAt } from './alias-there.ts'
import { useHubState } from './hub-state.ts'
import { useLeave } from './use-leave.ts'
import { words } from './words.ts'

export function MoveHub(): ReactNode {
  const t = useWords(words)
  const { hubs } = useOwnProfile()
  // Two are kept for safety as well: nobody is urged to leave one.
  const [isOpen, setOpen] = useState(false)
  if (hubs.length === 0) return null
  return (
    <Stack gap="sm">
      <Group>
        <Button variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t('moveTitle')}
        </Button>
      </Group>
      {isOpen && (
        <Card component="section" aria-label={t('moveTitle')} withBorder bg="var(--card)" p="md">
          <Stack gap="sm">
            <Text size="sm" c="var(--soft)">
              {t('moveText')}
            </Text>
            {hubs.length === 1 ? <Text>{t('moveFirst')}</Text> : <Choosing hubs={hubs} />}
          </Stack>
        </Card>
      )}
    </Stack>
  )
}

/** Which one is left. Of two it is the older one unless they say otherwise; of more nothing is guessed. */
function Choosing({ hubs }: { readonly hubs: readonly Hub[] }): ReactNode {
  const t = useWords(words)
  const [chosen, setChosen] = useState<string | null>(null)
  const from = hubs.find(([hub]) => hub === chosen) ?? (hubs.length === 2 ? hubs[0] : undefined)
  // Whoever adds one adds it last.
  const to = hubs.findLast((hub) => hub !== from)
  return (
    <>
      <NativeSelect
        label={t('moveWhich')}
        value={from?.[0] ?? ''}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
      >
        {from === undefined && <option value="">{t('moveChoose')}</option>}
        {hubs.map(([hub, url]) => (
          <option key={hub} value={hub}>
            {hostOf(url)}
          </option>
        ))}
      </NativeSelect>
      {from !== undefined && to !== undefined && <Moving key={from[0]} from={from} to={to} />}
    </>
  )
}

function Moving({ from, to }: { readonly from: Hub; readonly to: Hub }): ReactNode {
  const t = useWords(words)
  const host = hostOf(to[1])
  const { hasMine, isConnected, keepsNothing } = useHubState(to[0])
  const delivery = useLive('delivery', 1).value
  const members = useLive('account.show').value?.members ?? []
  const leave = useLeave(from, hostOf(from[1]))
  const total = delivery?.length ?? null
  const done = delivery?.places.find(({ identity }) => identity === to[0])?.length ?? 0
  return (
    <Stack gap="md">
      {hasMine ? (
        <Group gap="xs" wrap="nowrap" role="status">
          <IconCircleCheck size={24} stroke={1.4} style={{ flexShrink: 0 }} />
          <Text>{t('moveHas', { host })}</Text>
        </Group>
      ) : !isConnected ? (
        <Text role="status">{t('moveAway', { host })}</Text>
      ) : keepsNothing ? (
        <Text role="status">{t('keepsNothing')}</Text>
      ) : (
        <Working
          title={t('moveGets', { host })}
          done={done}
          total={total}
          {...(total === null ? {} : { detail: `${formatNumber(done)} / ${formatNumber(total)}` })}
        />
      )}
      <Text size="sm" c="var(--soft)">
        {t('moveFiles')}{' '}
        <Anchor component={Link} href="/devices" inherit underline="always">
          {t('movePromise', { host })}
        </Anchor>
      </Text>
      {members.length > 1 && <Text>{t('moveDevices')}</Text>}
      <Text>{t('moveFriends', { old: hostOf(from[1]), host })}</Text>
      <ShortAddress from={from} to={to} />
      {location.host === hostOf(from[1]) && (
        <Stack gap="xs">
          <Text>{t('moveAddress', { here: location.host, host })}</Text>
          <Anchor href={`${originOf(to[1])}/#back`} target="_blank" rel="noreferrer">
            {t('moveOn', { host })}
          </Anchor>
        </Stack>
      )}
      <Group>
        <Button variant={hasMine ? 'filled' : 'default'} onClick={() => void leave()}>
          {t('moveLeave', { host: hostOf(from[1]) })}
        </Button>
      </Group>
    </Stack>
  )
}

/** The short address of the old hub, offered at the new one, too. */
function ShortAddress({ from, to }: { readonly from: Hub; readonly to: Hub }): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const peer = usePeer()
  const { aliases = [] } = useOwnProfile()
  const { act, isBusy, error } = useAct()
  const wanted = aliasFor(aliases, from, to)
  if (wanted === null) return null
  const claim = (): void =>
    act(async (signal) => {
      await claimAt(peer, to[0], wanted.name, signal)
      await saveProfile(page, peer, (now) => ({
        aliases: [...(now.aliases ?? []).filter((one) => one !== wanted.alias), wanted.alias],
      }))
    })
  return (
    <Stack gap="xs">
      <Text>{t('moveAlias', { alias: wanted.before })}</Text>
      {error !== null && <Fault error={error} />}
      <Group>
        <Button variant="default" loading={isBusy} onClick={claim}>
          {t('moveAliasTake', { alias: wanted.alias })}
        </Button>
      </Group>
    </Stack>
  )
}

/** Of the app that this hub serves, where it serves one. */
function originOf(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol === 'wss:' ? 'https:' : 'http:'}//${host}`
}

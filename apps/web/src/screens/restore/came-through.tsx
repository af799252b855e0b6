/**
 * The hub through which an account came back, where it is none of the account's own: offered in the same breath, since the
 * one of before may be gone for good.
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { useLive, usePeer, useSync } from '@effigy/react'
import { Button, Card, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { KeepHubs } from '../../app/keep-hubs.tsx'
import { useLasts } from '../../app/lasts.ts'
import { profileOf, saveProfile, withHub } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { hostOf, useAbout } from '../hubs/about-hub.ts'
import { HubFacts } from '../hubs/hub-facts.tsx'
import { words } from './words.ts'

/** ms within which a hub answers mostly. */
const soonMs = 3_000

export function CameThrough({ hubs }: { readonly hubs: readonly Hub[] }): ReactNode {
  const { identity } = usePeer()
  const own = profileOf(useLive('profile', identity).value)?.hubs ?? null
  const sessions = useSync().value?.sessions ?? []
  // Nothing of a profile came back: going in writes one, which names them all.
  if (own === null) return null
  const other = hubs.find(
    ([hub]) => own.every(([one]) => one !== hub) && sessions.some((session) => session.identity === hub),
  )
  return (
    <>
      <KeepHubs hubs={own} />
      {own.map((hub) => (
        <Silent key={hub[0]} hub={hub} isThere={sessions.some((session) => session.identity === hub[0])} />
      ))}
      {other !== undefined && <Offer key={other[0]} hub={other} />}
    </>
  )
}

function Silent({ hub: [, url], isThere }: { readonly hub: Hub; readonly isThere: boolean }): ReactNode {
  const t = useWords(words)
  const isSilent = useLasts(!isThere, soonMs)
  if (!isSilent) return null
  return <Text role="status">{t('hubSilent', { host: hostOf(url) })}</Text>
}

function Offer({ hub }: { readonly hub: Hub }): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const peer = usePeer()
  const about = useAbout(hub[0], true)
  const { act, isBusy, error } = useAct()
  const host = hostOf(hub[1])
  return (
    <Card withBorder bg="var(--card)">
      <Stack gap="sm">
        <Text fw={600}>{t('hubOffer', { host })}</Text>
        <Text>{t('hubOfferText')}</Text>
        {about !== null && <HubFacts about={about} />}
        {error !== null && <Fault error={error} />}
        <Group>
          <Button
            variant="default"
            loading={isBusy}
            onClick={() => act(() => saveProfile(page, peer, withHub(hub)))}
          >
            {t('hubTake', { host })}
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}

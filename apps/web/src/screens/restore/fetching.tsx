/**
 * The account is here: what was written comes back, and the person may go in at any time.
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { useLive, usePeer } from '@effigy/react'
import { Button, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { profileOf, saveProfile } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { Fault } from '../../components/fault.tsx'
import { formatNumber } from '../../components/format.ts'
import { useAct } from '../../components/use-act.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import { goRestoring } from './choice.ts'
import { meetHubs } from './meet.ts'
import { words } from './words.ts'

export function Fetching({ hubs }: { readonly hubs: readonly Hub[] }): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const account = useLive('account.show')
  const [progress, setProgress] = useState<{ readonly done: number; readonly total: number } | null>(null)
  const [isHere, setHere] = useState(false)
  const known = useRef(hubs)
  known.current = hubs

  useEffect(() => {
    const stop = new AbortController()
    const fetch = async (): Promise<void> => {
      await meetHubs(peer, known.current, stop.signal)
      const follow = async (): Promise<void> => {
        for await (const now of peer.account.history(stop.signal)) setProgress(now)
      }
      await Promise.all([follow(), peer.settled(stop.signal)])
      if (!stop.signal.aborted) setHere(true)
    }
    // What is missing comes later, as always.
    fetch().catch(() => {
      if (!stop.signal.aborted) setHere(true)
    })
    return () => stop.abort()
  }, [peer])

  const enter = (): void =>
    act(async () => {
      const own = profileOf(await peer.query.profile(peer.identity))
      const here = known.current
      // A name that others see, and the hubs that this device is at, where nothing of it came back.
      if (own === null)
        await saveProfile(page, peer, { name: account.value?.profile?.name ?? '', hubs: here })
      goRestoring(null)
    })

  return (
    <Stack>
      {isHere ? (
        <Stack align="center" role="status">
          <IconCircleCheck size={64} stroke={1.2} />
          <Text size="lg" ta="center">
            {t('allHere')}
          </Text>
        </Stack>
      ) : (
        <Working
          title={t('comingBack')}
          done={progress?.done ?? 0}
          total={progress?.total ?? null}
          {...(progress === null ? {} : { detail: formatNumber(progress.done) })}
        />
      )}
      {error !== null && <Fault error={error} />}
      <Button size="lg" loading={isBusy} onClick={enter}>
        {t(isHere ? 'enter' : 'enterEarly')}
      </Button>
      {!isHere && <Text c="var(--soft)">{t('restLater')}</Text>}
    </Stack>
  )
}

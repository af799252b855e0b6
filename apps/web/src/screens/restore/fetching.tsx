/**
 * The account is here: what was written comes back, and the person may go in at any time.
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconPlugConnectedX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { profileOf, saveProfile } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { Fault } from '../../components/fault.tsx'
import { formatNumber } from '../../components/format.ts'
import { useAct } from '../../components/use-act.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import { CameThrough } from './came-through.tsx'
import { goRestoring } from './choice.ts'
import { type ComingBackWatch, useComingBack } from './coming-back.ts'
import { words } from './words.ts'

export function Fetching({ hubs }: { readonly hubs: readonly Hub[] }): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const account = useLive('account.show')
  const watch = useComingBack()

  const enter = (): void =>
    act(async () => {
      const own = profileOf(await peer.query.profile(peer.identity))
      // A name that others see, and the hubs that this device is at, where nothing of it came back.
      if (own === null) await saveProfile(page, peer, { name: account.value?.profile?.name ?? '', hubs })
      goRestoring(null)
    })

  const isHere = watch.state.type === 'here'
  return (
    <Stack>
      <HowFar {...watch} />
      <CameThrough hubs={hubs} />
      {error !== null && <Fault error={error} />}
      <Button size="lg" loading={isBusy} onClick={enter}>
        {t(isHere ? 'enter' : 'enterEarly')}
      </Button>
      {!isHere && <Text c="var(--soft)">{t('restLater')}</Text>}
    </Stack>
  )
}

function HowFar({ state, again }: ComingBackWatch): ReactNode {
  const t = useWords(words)
  switch (state.type) {
    case 'here':
      if (state.missing > 0) {
        return (
          <Alert color="yellow" role="status" title={t('missing', { count: state.missing })}>
            {t('missingText')}
          </Alert>
        )
      }
      return (
        <Stack align="center" role="status">
          <IconCircleCheck size={64} stroke={1.2} />
          <Text size="lg" ta="center">
            {t('allHere')}
          </Text>
        </Stack>
      )
    case 'failed':
      return (
        <Stack>
          <Fault error={state.error} />
          <Text>{t('notBack')}</Text>
          <Group>
            <Button variant="default" onClick={again}>
              {t('askAgain')}
            </Button>
          </Group>
        </Stack>
      )
    case 'alone':
      return (
        <Alert color="yellow" role="status" icon={<IconPlugConnectedX />} title={t('alone')}>
          {t('aloneText')}
        </Alert>
      )
    case 'coming':
      return (
        <Working
          title={t('comingBack')}
          done={state.progress?.done ?? 0}
          total={state.progress?.total ?? null}
          {...(state.progress === null ? {} : { detail: formatNumber(state.progress.done) })}
        />
      )
  }
}

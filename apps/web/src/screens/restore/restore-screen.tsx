/**
 * Coming back: by another device, by the words, by friends who keep parts of them, or from a file.
 *
 *     choose ─▶ a way, each with one thing to do at a time ─▶ what was written comes back ─▶ the app
 *
 * @module
 */
import type { Hub } from '@effigy/core'
import { usePagePeer } from '@effigy/react'
import { Alert, Anchor, Stack, Title, UnstyledButton } from '@mantine/core'
import { IconDevices, IconFileImport, IconTextRecognition, IconUsersGroup } from '@tabler/icons-react'
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { askHere } from '../../app/here.ts'
import { KeepHubs } from '../../app/keep-hubs.tsx'
import { usePage } from '../../app/page-context.ts'
import { Starting } from '../../app/starting.tsx'
import { useOnline } from '../../app/use-online.ts'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { goRestoring, type RestoreStep, useRestoreStep } from './choice.ts'
import { Fetching } from './fetching.tsx'
import { FromDevice } from './from-device.tsx'
import { FromFile } from './from-file.tsx'
import { FromFriends } from './from-friends.tsx'
import { FromWords } from './from-words.tsx'
import type { KnownHubs } from './meet.ts'
import classes from './restore-screen.module.css'
import { words } from './words.ts'

export function Screen(): ReactNode {
  const t = useWords(words)
  const step = useRestoreStep()
  const isOnline = useOnline()
  const [hubs, setHubs] = useState<readonly Hub[]>([])
  const add = (more: readonly Hub[]): void =>
    setHubs((known) => [...known, ...more.filter(([one]) => known.every(([other]) => other !== one))])

  useEffect(() => {
    const until = new AbortController()
    askHere(until.signal).then(
      (here) => {
        if (here !== null) add([[here.identity, here.url]])
      },
      () => {},
    )
    return () => until.abort()
  }, [])

  return (
    <main className={classes.page}>
      <Stack gap="lg" maw={480} w="100%">
        <Title order={1}>{t(step === 'choose' || step === null ? 'title' : step)}</Title>
        {!isOnline && step !== 'file' && (
          <Alert color="yellow" role="status" title={t('noNetwork')}>
            {t('noNetworkText')}
          </Alert>
        )}
        {step === 'choose' && <Choose />}
        {step === 'file' && <FromFile onHubs={add} />}
        {step !== null && step !== 'choose' && step !== 'file' && (
          <WithDevice>
            <KeepHubs hubs={hubs} />
            <Way step={step} hubs={hubs} onHubs={add} />
          </WithDevice>
        )}
        {step !== 'fetching' && (
          <Anchor
            component="button"
            type="button"
            ta="start"
            onClick={() => goRestoring(step === 'choose' ? null : 'choose')}
          >
            {t(step === 'choose' ? 'newHere' : 'otherWay')}
          </Anchor>
        )}
      </Stack>
    </main>
  )
}

function Way({ step, ...known }: KnownHubs & { readonly step: RestoreStep }): ReactNode {
  switch (step) {
    case 'device':
      return <FromDevice />
    case 'words':
      return <FromWords {...known} />
    case 'friends':
      return <FromFriends {...known} />
    case 'fetching':
      return <Fetching hubs={known.hubs} />
    case 'choose':
    case 'file':
      return null
  }
}

const ways: readonly {
  readonly step: 'device' | 'words' | 'friends' | 'file'
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>
}[] = [
  { step: 'device', icon: IconDevices },
  { step: 'words', icon: IconTextRecognition },
  { step: 'friends', icon: IconUsersGroup },
  { step: 'file', icon: IconFileImport },
]

function Choose(): ReactNode {
  const t = useWords(words)
  return (
    <Stack gap="sm">
      {ways.map(({ step, icon: Icon }) => (
        <UnstyledButton key={step} className={classes.way ?? ''} onClick={() => goRestoring(step)}>
          <Icon size={32} stroke={1.4} />
          <span>
            <strong>{t(step)}</strong>
            <span className={classes.hint}>{t(`${step}Hint`)}</span>
          </span>
        </UnstyledButton>
      ))}
    </Stack>
  )
}

/** Makes keys for this browser, where there are none yet. */
function WithDevice({ children }: { readonly children: ReactNode }): ReactNode {
  const page = usePage()
  const { type } = usePagePeer(page)
  const { act, error } = useAct()
  useEffect(() => {
    if (type === 'new') {
      act(async () => {
        await page.device.create()
      })
    }
  }, [type, page, act])
  if (error !== null) return <Fault error={error} />
  return type === 'open' ? children : <Starting />
}

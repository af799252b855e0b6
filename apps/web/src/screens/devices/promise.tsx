/**
 * What one place promised to keep, whether it keeps its word, and how it is asked or told that it need not.
 *
 *     asked ─▶ promised until … ─checked, prolonged by any own device▶ …
 *       └─ refused: why, and what to do       └─ broken: said      └─ given up: 30 days more (V32)
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { DataPlace, GivenLease, LeaseOutcome } from '@effigy/peer'
import { useLive, usePeer, useSync } from '@effigy/react'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useRef, useState } from 'react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { formatBytes, formatDate } from '../../components/format.ts'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { AskPromise, promiseDays } from './ask-promise.tsx'
import { breachOf, refusalIn } from './promise-words.ts'
import { words } from './words.ts'

export interface PlacePromiseProps {
  readonly holder: Identity
  readonly type: DataPlace['type']
}

const stands = ({ state }: GivenLease): boolean =>
  state === 'promised' || state === 'checked' || state === 'unchecked'

/** Nothing where there is nothing to say or to ask. */
export function PlacePromise({ holder, type }: PlacePromiseProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const given = useLive('leases.list').value?.filter((lease) => lease.holder === holder)
  const known = useLive('leases.holders').value
  const isConnected = useSync().value?.sessions.some(({ identity }) => identity === holder) === true
  const [isAsking, setAsking] = useState(false)
  const [outcomes, setOutcomes] = useState<readonly LeaseOutcome[] | null>(null)
  const [isTold, setTold] = useState(false)
  const part = useRef<HTMLDivElement>(null)
  if (given === undefined || known === null || type === 'self') return null

  const about = known.find((one) => one.holder === holder)
  const wanted = about?.wanted ?? null
  const isWanted = wanted !== null && wanted.days > 0
  // It may not have heard of it yet.
  const isGivenUp = wanted?.days === 0
  const standing = isGivenUp ? [] : given.filter(stands)
  const broken = isGivenUp ? [] : given.filter(({ state }) => state === 'failed' || state === 'gone')
  const ended = given.filter(({ state }) => state === 'ended')
  const refusal = outcomes === null ? null : refusalIn(outcomes, standing)
  // Own devices keep for each other without being asked.
  const isAskable = type !== 'device' && isConnected && about?.isOffered === true
  const isRefused = type === 'hub' && isConnected && !isAskable && given.length === 0

  // What had the focus is gone.
  const close = (): void => {
    setAsking(false)
    part.current?.focus()
  }

  const ask = (blobs: number): void =>
    act(async (signal) => {
      setTold(false)
      setOutcomes(null)
      setOutcomes(await peer.leases.ask(holder, { days: promiseDays, blobs, signal }))
      close()
    })

  const giveUp = async (): Promise<void> => {
    const question = { title: t('giveUpTitle'), text: t('giveUpText'), act: t('giveUp') }
    if (standing.length > 0 && !(await confirmAct(question))) return
    act(async (signal) => {
      await peer.leases.end(holder, { signal })
      setOutcomes(null)
      setTold(standing.length > 0)
      part.current?.focus()
    })
  }

  return (
    <Stack gap="xs" ref={part} tabIndex={-1}>
      <Stack gap={0} role="status">
        {standing.length > 0 && (
          <Promised
            leases={standing}
            isRenewed={isWanted || type === 'device'}
            isMeantWhole={isWanted && wanted.blobs > 0}
          />
        )}
        {standing.length + broken.length === 0 && ended.length > 0 && !isGivenUp && (
          <Line>
            {t('promiseEnded', { until: formatDate(Math.max(...ended.map(({ until }) => until))) })}
          </Line>
        )}
        {isGivenUp && given.length > 0 && <Line>{t('givenUpLater')}</Line>}
        {isGivenUp && given.length === 0 && isTold && <Line>{t('givenUp')}</Line>}
        {isWanted && standing.length + broken.length === 0 && refusal === null && !isBusy && (
          <Line>{t('promiseWaits')}</Line>
        )}
        {isAskable && !isWanted && given.length === 0 && !isTold && <Line>{t('promiseYet')}</Line>}
        {isRefused && <Line>{t('promiseNone')}</Line>}
      </Stack>
      {broken[0]?.failure != null && (
        <Alert role="alert" color="red" title={t('broken')}>
          {t(`broken_${breachOf(broken[0].failure)}`)} {t('brokenDo')}
        </Alert>
      )}
      {refusal !== null && isWanted && (
        <Alert role="alert" color="yellow" title={t(standing.length > 0 ? 'noPart' : 'no')}>
          {t(`no_${refusal}`)} {t(`noDo_${refusal}`)}
        </Alert>
      )}
      {error !== null && <Fault error={error} />}
      {isAsking && isAskable ? (
        <AskPromise holder={holder} isBusy={isBusy} onAsk={ask} onClose={close} />
      ) : (
        <Group gap="sm">
          {isAskable && (standing.length === 0 || broken.length > 0 || refusal !== null) && (
            <Button variant="default" size="sm" onClick={() => setAsking(true)}>
              {t(isWanted ? 'promiseAgain' : 'promiseAsk')}
            </Button>
          )}
          {isWanted && (
            <Button variant="default" size="sm" loading={isBusy} onClick={() => void giveUp()}>
              {t(standing.length > 0 ? 'giveUp' : 'stopAsking')}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  )
}

function Line({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Text size="sm" c="var(--soft)">
      {children}
    </Text>
  )
}

/** The first end and the longest silence of all feeds: what can be relied on. */
function Promised({
  leases,
  isRenewed,
  isMeantWhole,
}: {
  readonly leases: readonly GivenLease[]
  readonly isRenewed: boolean
  /** It was asked for pictures and files, too. */
  readonly isMeantWhole: boolean
}): ReactNode {
  const t = useWords(words)
  const until = formatDate(Math.min(...leases.map((lease) => lease.until)))
  const size = formatBytes(leases.reduce((sum, { bytes }) => sum + bytes, 0))
  const most = Math.min(...leases.map(({ blobs }) => blobs))
  const shown = leases.map(({ checkedAt }) => checkedAt ?? 0)
  const state = (['promised', 'unchecked'] as const).find((one) =>
    leases.some((lease) => lease.state === one),
  )
  return (
    <>
      <Text size="sm" fw={500}>
        {t('promised', { until })}
      </Text>
      <Line>
        {most === 0 ? t('promisedTexts', { size }) : t('promisedAll', { size, most: formatBytes(most) })}
      </Line>
      {most === 0 && isMeantWhole && <Line>{t('promisedLess')}</Line>}
      <Line>{t(`shown_${state ?? 'checked'}`, { date: formatDate(Math.min(...shown)) })}</Line>
      {isRenewed && <Line>{t('promisedRenews')}</Line>}
    </>
  )
}

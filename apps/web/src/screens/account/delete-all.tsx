/**
 * The end of it: everybody is asked to drop what was written, then all of it goes from this browser.
 *
 * @module
 */
import { EffigyError, type RawCid } from '@effigy/core'
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { forgetSeenParts } from '../../app/account-notices/seen-parts.ts'
import { forgetReminder } from '../../app/account-notices/words-reminder.ts'
import { leaveAccount } from '../../app/accounts.ts'
import { asTouch } from '../../app/idle-lock.ts'
import { keptOutOf } from '../../app/kept-out.ts'
import { ownIdentities } from '../../app/own-identities.ts'
import { saveProfile } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { forgetDrafts } from '../../components/composer/drafts.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { formatNumber } from '../../components/format.ts'
import { tell } from '../../components/tell.ts'
import { useAct } from '../../components/use-act.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import { type Amount, untilAllHere } from './all-here.ts'
import { clearAccount, eraseEverything, isHeard, nobody } from './erase-everything.ts'
import { Section } from './section.tsx'
import { words } from './words.ts'

/** Ms that the others have to hear of it. */
const toldMs = 20_000

/** Ms that whoever is connected has to tell what there is. */
const lookMs = 5_000

interface Progress {
  readonly done: number
  readonly total: number
}

type Step =
  | { readonly type: 'looking' }
  /** `goOn`: without the rest. */
  | { readonly type: 'lacking'; readonly amount: Amount; readonly goOn: () => void }
  | ({ readonly type: 'erasing' } & Progress)

export function DeleteAll(): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const peer = usePeer()
  const { value: account = null } = useLive('account.show')
  const { act, cancel, isBusy, error } = useAct()
  const [step, setStep] = useState<Step>({ type: 'looking' })
  const left = useRef(() => {})
  left.current = () => {
    if (isBusy) tell({ color: 'yellow', title: t('eraseStopped'), message: t('eraseAgain') })
  }
  useEffect(() => () => left.current(), [])

  const remove = async (): Promise<void> => {
    const keptOut = keptOutOf(account).map(({ label, count }) => t('deleteKeptOut', { label, count }))
    const isMeant = await confirmAct({
      title: t('delete'),
      text: [t('deleteText'), ...keptOut].join(' '),
      act: t('delete'),
      typed: t('deleteWord'),
    })
    if (!isMeant) return
    act(async (signal) => {
      const anyway = new AbortController()
      const goOn = (): void => anyway.abort()
      setStep({ type: 'looking' })
      await peer.settled(AbortSignal.any([signal, AbortSignal.timeout(lookMs)])).catch(() => {})
      const onLack = asTouch((amount: Amount) => setStep({ type: 'lacking', amount, goOn }))
      const onProgress = asTouch((progress: Progress) => setStep({ type: 'erasing', ...progress }))
      const named = new Set<RawCid>()
      for (let isFirst = true; ; isFirst = false) {
        const own = await ownIdentities(peer)
        await untilAllHere(peer, own, { signal, anyway: anyway.signal, onLack })
        const count = await eraseEverything(peer, own, { signal, named, onProgress })
        signal.throwIfAborted()
        if (!isFirst && count === 0) break
        await endName(signal)
        // Once more: others who were connected by now may have told of more.
      }
      left.current = () => {}
      await page.device.wipe()
      forgetDrafts()
      forgetReminder()
      forgetSeenParts()
      leaveAccount()
    })
  }

  /** Takes the name away, and resolves when others have heard of that and of all before it. */
  async function endName(signal: AbortSignal): Promise<void> {
    const isCleared = await clearAccount(peer)
    await saveProfile(page, peer, nobody)
    // Who is away hears of it from the hubs. Without the keys nobody could ask for it again.
    const until = AbortSignal.any([signal, AbortSignal.timeout(toldMs)])
    const isTold =
      (await isHeard(peer, until)) && (!isCleared || (await peer.account.given({ signal: until })))
    signal.throwIfAborted()
    if (!isTold) throw new EffigyError('erase-unheard', 'Nobody has heard of it yet.')
  }

  const stop = (): void => {
    left.current()
    cancel()
  }

  return (
    <Section title={t('end')} text={t('endLead')}>
      {isBusy && <How step={step} onCancel={stop} />}
      {error !== null && <Fault error={error} />}
      <Group>
        <Button color="red" variant="light" loading={isBusy} onClick={() => void remove()}>
          {t('delete')}
        </Button>
      </Group>
    </Section>
  )
}

function How({ step, onCancel }: { readonly step: Step; readonly onCancel: () => void }): ReactNode {
  const t = useWords(words)
  if (step.type === 'lacking') return <Lacking {...step} onCancel={onCancel} />
  const { done, total } = step.type === 'erasing' ? step : { done: 0, total: null }
  return (
    <>
      <Working title={t(step.type)} done={done} total={total} onCancel={onCancel} />
      <Text size="sm" c="var(--soft)">
        {t('eraseStay')}
      </Text>
    </>
  )
}

interface LackingProps {
  readonly amount: Amount
  readonly goOn: () => void
  readonly onCancel: () => void
}

/** What is missing, and the choice: to wait, or to go on with what is here. */
function Lacking({ amount: { held, total }, goOn, onCancel }: LackingProps): ReactNode {
  const t = useWords(words)
  const missing = formatNumber(total - held)
  return (
    <Stack>
      <Alert color="yellow" role="status" title={t('lacking', { missing, total: formatNumber(total) })}>
        {t('lackingWait')}
      </Alert>
      <Working title={t('lackingComes')} done={held} total={total} onCancel={onCancel} />
      <Text size="sm">{t('lackingElse', { missing })}</Text>
      <Group>
        <Button color="red" variant="subtle" onClick={goOn}>
          {t('lackingAnyway')}
        </Button>
      </Group>
    </Stack>
  )
}

/**
 * The end of it: everybody is asked to drop what was written, then all of it goes from this browser.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { usePeer } from '@effigy/react'
import { Button, Group, Text } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { forgetSeenParts } from '../../app/account-notices/seen-parts.ts'
import { forgetReminder } from '../../app/account-notices/words-reminder.ts'
import { leaveAccount } from '../../app/accounts.ts'
import { asTouch } from '../../app/idle-lock.ts'
import { ownIdentities } from '../../app/own-identities.ts'
import { saveProfile } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { forgetDrafts } from '../../components/composer/drafts.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { tell } from '../../components/tell.ts'
import { useAct } from '../../components/use-act.ts'
import { Working } from '../../components/working.tsx'
import { useWords } from '../../words/use-words.ts'
import { clearAccount, eraseEverything, isHeard, nobody } from './erase-everything.ts'
import { Section } from './section.tsx'
import { words } from './words.ts'

/** Ms that the others have to hear of it. */
const toldMs = 20_000

export function DeleteAll(): ReactNode {
  const t = useWords(words)
  const page = usePage()
  const peer = usePeer()
  const { act, cancel, isBusy, error } = useAct()
  const [progress, setProgress] = useState<{ readonly done: number; readonly total: number } | null>(null)
  const left = useRef(() => {})
  left.current = () => {
    if (isBusy) tell({ color: 'yellow', title: t('eraseStopped'), message: t('eraseAgain') })
  }
  useEffect(() => () => left.current(), [])

  const remove = async (): Promise<void> => {
    const isMeant = await confirmAct({
      title: t('delete'),
      text: t('deleteText'),
      act: t('delete'),
      typed: t('deleteWord'),
    })
    if (!isMeant) return
    act(async (signal) => {
      await eraseEverything(peer, await ownIdentities(peer), signal, asTouch(setProgress))
      signal.throwIfAborted()
      const isCleared = await clearAccount(peer)
      await saveProfile(page, peer, nobody)
      // Who is away hears of it from the hubs. Without the keys nobody could ask for it again.
      const until = AbortSignal.any([signal, AbortSignal.timeout(toldMs)])
      const isTold =
        (await isHeard(peer, until)) && (!isCleared || (await peer.account.given({ signal: until })))
      signal.throwIfAborted()
      if (!isTold) {
        throw new EffigyError('erase-unheard', 'Nobody has heard of it yet.')
      }
      left.current = () => {}
      await page.device.wipe()
      forgetDrafts()
      forgetReminder()
      forgetSeenParts()
      leaveAccount()
    })
  }

  const stop = (): void => {
    left.current()
    cancel()
  }

  return (
    <Section title={t('end')} text={t('endLead')}>
      {progress !== null && isBusy && (
        <>
          <Working title={t('erasing')} {...progress} onCancel={stop} />
          <Text size="sm" c="var(--soft)">
            {t('eraseStay')}
          </Text>
        </>
      )}
      {error !== null && <Fault error={error} />}
      <Group>
        <Button color="red" variant="light" loading={isBusy} onClick={() => void remove()}>
          {t('delete')}
        </Button>
      </Group>
    </Section>
  )
}

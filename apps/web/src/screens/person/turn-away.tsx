/**
 * Seeing and hearing nothing more of somebody: each is said, and can be taken back.
 *
 * @module
 */
import { type PersonName, usePeer } from '@effigy/react'
import { notifications } from '@mantine/notifications'
import { confirmAct } from '../../components/confirm-act.tsx'
import { useFail } from '../../components/fault.tsx'
import { undoMs } from '../../components/tell.ts'
import { shownName } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { UndoMessage } from './undo-message.tsx'
import { words } from './words.ts'

export interface TurnAway {
  mute(value: boolean): void
  block(): void
}

export function useTurnAway(person: Pick<PersonName, 'identity' | 'petname' | 'name'>): TurnAway {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const { identity } = person
  const name = shownName(person, t('somebody'))

  async function mute(value: boolean): Promise<void> {
    await peer.relate('mute', identity, value)
    if (!value) return
    const id = `mute ${identity}`
    const undo = (): void => {
      notifications.hide(id)
      mute(false).catch(fail)
    }
    notifications.show({
      id,
      autoClose: undoMs,
      role: 'status',
      message: <UndoMessage text={t('muteDone', { name })} undo={undo} />,
    })
  }

  async function block(): Promise<void> {
    const isMeant = await confirmAct({
      title: t('blockTitle', { name }),
      text: t('blockDoes'),
      act: t('block'),
    })
    if (isMeant) await peer.relate('block', identity, true)
  }

  return {
    mute: (value) => void mute(value).catch(fail),
    block: () => void block().catch(fail),
  }
}

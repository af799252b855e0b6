/**
 * Seeing and hearing nothing more of somebody: each is said, and can be taken back.
 *
 * @module
 */
import { type PersonName, usePeer } from '@effigy/react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { useFail } from '../../components/fault.tsx'
import { useTellUndo } from '../../components/undo-message.tsx'
import { shownName } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export interface TurnAway {
  mute(value: boolean): void
  block(): void
}

export function useTurnAway(person: Pick<PersonName, 'identity' | 'petname' | 'name'>): TurnAway {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const tellUndo = useTellUndo()
  const { identity } = person
  const name = shownName(person, t('somebody'))

  async function mute(value: boolean): Promise<void> {
    await peer.relate('mute', identity, value)
    if (!value) return
    tellUndo(t('muteDone', { name }), () => mute(false).catch(fail))
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

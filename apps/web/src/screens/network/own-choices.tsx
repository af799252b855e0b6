/**
 * What a person chose of connections on this device: whom it shows itself to, and its address.
 *
 * @module
 */
import { usePeer } from '@effigy/react'
import { Switch } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { useFail } from '../../components/fault.tsx'
import { Section } from '../../components/section.tsx'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function OwnChoices(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const [isInvisible, setInvisible] = useState<boolean | null>(null)
  const [hidesAddress, setHidesAddress] = useState<boolean | null>(null)

  useEffect(() => {
    let isOver = false
    Promise.all([peer.presence.choice(), peer.direct.hidesAddress()]).then(
      ([choice, hides]) => {
        if (isOver) return
        setInvisible(choice.invisible)
        setHidesAddress(hides)
      },
      (error) => {
        if (!isOver) fail(error)
      },
    )
    return () => {
      isOver = true
    }
  }, [peer, fail])

  if (isInvisible === null || hidesAddress === null) return null
  return (
    <Section title={t('choicesTitle')}>
      <Switch
        size="md"
        label={t('invisible')}
        description={t('invisibleHelp')}
        checked={isInvisible}
        onChange={({ currentTarget: { checked } }) => {
          peer.presence.choose({ invisible: checked }).then(() => setInvisible(checked), fail)
        }}
      />
      <Switch
        size="md"
        label={t('hide')}
        description={t('hideHelp')}
        checked={hidesAddress}
        onChange={({ currentTarget: { checked } }) => {
          peer.direct.setHidesAddress(checked).then(() => setHidesAddress(checked), fail)
        }}
      />
    </Section>
  )
}

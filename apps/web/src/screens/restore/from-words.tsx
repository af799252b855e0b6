/**
 * By the words of the account: they find it at the hub, and say what becomes of the devices it had.
 *
 * @module
 */
import type { FoundAccount } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Button, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { Found } from './found.tsx'
import { HubField } from './hub-field.tsx'
import { Looking } from './looking.tsx'
import { type KnownHubs, meetTyped } from './meet.ts'
import { words } from './words.ts'

export function FromWords(known: KnownHubs): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { isBusy, error, act, cancel } = useAct()
  const [typed, setTyped] = useState('')
  const [hub, setHub] = useState('')
  const [found, setFound] = useState<FoundAccount | null>(null)
  const phrase = typed.trim().toLowerCase().split(/\s+/u).join(' ')

  function look(event: FormEvent): void {
    event.preventDefault()
    act(async (signal) => {
      await meetTyped(peer, known, hub, signal)
      setFound(await peer.recovery.find(phrase, { signal }))
    })
  }

  if (found !== null) return <Found phrase={phrase} found={found} onBack={() => setFound(null)} />
  return (
    <form onSubmit={look}>
      <Stack>
        <Text>{t('wordsLead')}</Text>
        <Textarea
          label={t('wordsLabel')}
          description={t('wordsHelp')}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          autosize
          minRows={3}
          size="md"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          dir="ltr"
          data-autofocus
        />
        {error !== null && <Fault error={error} />}
        <HubField text={hub} onText={setHub} error={error} />
        {isBusy && <Looking onCancel={cancel} />}
        <Button type="submit" size="lg" loading={isBusy} disabled={phrase === ''}>
          {t('find')}
        </Button>
      </Stack>
    </form>
  )
}

/**
 * Taking the account back with its words: from a thief who has the main device, or because somebody saw the words.
 *
 *     words of now, when all was well last ─move▶ this is the main device, with new words to be written down
 *
 * @module
 */
import { useLive, usePeer } from '@effigy/react'
import { Button, Checkbox, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { doHere } from '../../app/account-notices/done-here.ts'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { Section } from './section.tsx'
import { words } from './words.ts'

export function TakeBack(): ReactNode {
  const t = useWords(words)
  const { value: account } = useLive('account.show')
  const [isOpen, setOpen] = useState(false)
  // Who has the words here still writes them down first.
  if (account === null || account.phraseConfirmed === false) return null
  return (
    <Section title={t('takeBack')} text={t('takeBackLead')}>
      {isOpen ? (
        <Take isMain={account.role === 'main'} onClose={() => setOpen(false)} />
      ) : (
        <Group>
          <Button variant="default" onClick={() => setOpen(true)}>
            {t('takeBackBegin')}
          </Button>
        </Group>
      )}
    </Section>
  )
}

function Take({ isMain, onClose }: { readonly isMain: boolean; readonly onClose: () => void }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const [typed, setTyped] = useState('')
  const [isRenewed, setRenewed] = useState(true)
  const [then, setThen] = useState('')
  const lostAt = Date.parse(then)

  const move = async (): Promise<void> => {
    const text = t(isMain ? 'takeBackRenewText' : 'takeBackText')
    if (!(await confirmAct({ title: t('takeBack'), text, act: t('takeBackNow') }))) return
    act(async (signal) => {
      const newPhrase = isRenewed ? (await import('./new-phrase.ts')).newPhrase() : undefined
      await doHere(() =>
        peer.account.move({
          phrase: typed.trim().toLowerCase().split(/\s+/u).join(' '),
          ...(newPhrase === undefined ? {} : { newPhrase }),
          ...(Number.isNaN(lostAt) ? {} : { lostAt }),
          signal,
        }),
      )
      onClose()
    })
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    void move()
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <Textarea
          label={t('yourWords')}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          autosize
          minRows={2}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          dir="ltr"
        />
        <Checkbox
          label={t('newWords')}
          description={t('newWordsHelp')}
          checked={isRenewed}
          onChange={({ currentTarget }) => setRenewed(currentTarget.checked)}
        />
        {!isMain && (
          <TextInput
            type="datetime-local"
            label={t('lastWell')}
            description={t('lastWellHelp')}
            value={then}
            onChange={({ currentTarget }) => setThen(currentTarget.value)}
          />
        )}
        {error !== null && <Fault error={error} />}
        <Group>
          <Button type="submit" color="red" loading={isBusy} disabled={typed.trim() === ''}>
            {t('takeBackNow')}
          </Button>
          <Button variant="default" onClick={onClose} disabled={isBusy}>
            {t('cancel')}
          </Button>
        </Group>
        <Text size="sm" c="var(--soft)">
          {t('takeBackAfter')}
        </Text>
      </Stack>
    </form>
  )
}

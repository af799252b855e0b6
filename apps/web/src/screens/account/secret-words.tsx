/**
 * The words of the account: shown on purpose, written down, asked for once, and then gone from here (spec Z6).
 *
 *     hidden ─▶ shown ─▶ three of them asked ─right▶ written down
 *
 * @module
 */
import type { PhraseQuestion } from '@effigy/peer'
import { useLive, usePeer } from '@effigy/react'
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './secret-words.module.css'
import { Section } from './section.tsx'
import { words } from './words.ts'
import { canPrint, WordsSheet } from './words-sheet.tsx'

export function SecretWords(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { value: account } = useLive('account.show')
  const { act, error } = useAct()
  const [phrase, setPhrase] = useState<string | null>(null)
  const [question, setQuestion] = useState<PhraseQuestion | null>(null)
  if (account === null) return null
  if (account.phraseConfirmed !== false) {
    return (
      <Section title={t('words')}>
        <Group wrap="nowrap">
          <IconShieldCheck size={32} stroke={1.4} />
          <Text>{t(account.phraseConfirmed === true ? 'wordsSafe' : 'wordsElsewhere')}</Text>
        </Group>
      </Section>
    )
  }

  const show = (): void => act(async () => setPhrase(await peer.account.phrase()))
  const ask = (): void =>
    act(async () => {
      setQuestion(await peer.account.phraseQuestion())
      setPhrase(null)
    })

  return (
    <Section title={t('words')} text={t('wordsLead')}>
      {error !== null && <Fault error={error} />}
      {phrase === null && question === null && (
        <Group>
          <Button onClick={show}>{t('wordsShow')}</Button>
        </Group>
      )}
      {phrase !== null && (
        <>
          <Alert color="yellow" title={t('wordsAlone')} />
          <ol className={classes.words} dir="ltr" translate="no" data-secret>
            {phrase.split(' ').map((word, at) => (
              <li key={at}>{word}</li>
            ))}
          </ol>
          <WordsSheet phrase={phrase} />
          <Group>
            <Button onClick={ask}>{t('wordsWritten')}</Button>
            {canPrint() && (
              <Button variant="default" onClick={() => globalThis.print()}>
                {t('print')}
              </Button>
            )}
            <Button variant="default" onClick={() => setPhrase(null)}>
              {t('hide')}
            </Button>
          </Group>
          {canPrint() && (
            <Text size="sm" c="var(--soft)">
              {t('printOwn')}
            </Text>
          )}
        </>
      )}
      {question !== null && (
        <Check
          key={question.positions.join()}
          question={question}
          onBack={() => {
            setQuestion(null)
            show()
          }}
          onDone={() => setQuestion(null)}
        />
      )}
    </Section>
  )
}

interface CheckProps {
  readonly question: PhraseQuestion
  readonly onBack: () => void
  readonly onDone: () => void
}

function Check({ question, onBack, onDone }: CheckProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { act, isBusy, error } = useAct()
  const [typed, setTyped] = useState<readonly string[]>(['', '', ''])

  function confirm(event: FormEvent): void {
    event.preventDefault()
    act(async () => {
      await peer.account.confirmPhrase(typed.map((word) => word.trim().toLowerCase()))
      onDone()
    })
  }

  return (
    <form onSubmit={confirm}>
      <Stack>
        <Text>{t('wordsCheck')}</Text>
        {question.positions.map((position, at) => (
          <TextInput
            key={position}
            label={t('wordNumber', { position })}
            value={typed[at] ?? ''}
            onChange={({ currentTarget: { value } }) =>
              setTyped((all) => all.map((word, place) => (place === at ? value : word)))
            }
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            dir="ltr"
          />
        ))}
        {error !== null && <Fault error={error} />}
        <Group>
          <Button type="submit" loading={isBusy} disabled={typed.some((word) => word.trim() === '')}>
            {t('wordsConfirm')}
          </Button>
          <Button variant="default" onClick={onBack}>
            {t('wordsAgain')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

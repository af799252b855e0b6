/**
 * Words of which a person does not want to hear.
 *
 * @module
 */
import { mutedWord } from '@effigy/peer/page'
import { useLive, usePeer } from '@effigy/react'
import { Button, CloseButton, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useFail } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

export function MutedWords(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const muted = useLive('notices.words').value ?? []
  const [text, setText] = useState('')
  const [isUnfit, setUnfit] = useState(false)

  function add(event: FormEvent): void {
    event.preventDefault()
    if (mutedWord(text) === null) setUnfit(true)
    else peer.notices.muteWord(text, true).then(() => setText(''), fail)
  }

  return (
    <Stack>
      <Title order={3} size="h4">
        {t('wordsTitle')}
      </Title>
      <Text size="sm">{t('wordsText')}</Text>
      <form onSubmit={add}>
        <Group align="end" wrap="nowrap">
          <TextInput
            flex={1}
            label={t('word')}
            value={text}
            error={isUnfit ? t('unfit') : null}
            onChange={({ currentTarget }) => {
              setText(currentTarget.value)
              setUnfit(false)
            }}
            autoComplete="off"
          />
          <Button type="submit">{t('add')}</Button>
        </Group>
      </form>
      {muted.length === 0 && (
        <Text size="sm" c="var(--soft)">
          {t('noWords')}
        </Text>
      )}
      {muted.map((word) => (
        <Group key={word} justify="space-between" wrap="nowrap">
          <bdi data-others>{word}</bdi>
          <CloseButton
            size={44}
            aria-label={t('take', { word })}
            onClick={() => peer.notices.muteWord(word, false).catch(fail)}
          />
        </Group>
      ))}
      <Text size="sm" c="var(--soft)">
        {t('threadsText')}
      </Text>
    </Stack>
  )
}

/**
 * The question of `confirmAct`, as it is shown.
 *
 * @module
 */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useWords } from '../words/use-words.ts'
import type { AskedAct } from './confirm-act.tsx'
import { words } from './words.ts'

export function ActQuestion({ title, text, act, typed, answer }: AskedAct): ReactNode {
  const t = useWords(words)
  const [said, setSaid] = useState('')
  const isReady = typed === undefined || said.trim().toLocaleLowerCase() === typed.toLocaleLowerCase()
  return (
    <Modal opened onClose={() => answer(false)} title={title}>
      <Stack>
        <Text>{text}</Text>
        {typed !== undefined && (
          <TextInput
            label={t('typeToGoOn', { word: typed })}
            value={said}
            onChange={({ currentTarget }) => setSaid(currentTarget.value)}
            autoComplete="off"
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => answer(false)} data-autofocus={typed === undefined}>
            {t('cancel')}
          </Button>
          <Button color="red" disabled={!isReady} onClick={() => answer(true)}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

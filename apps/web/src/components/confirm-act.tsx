/**
 * Before something that cannot be undone: what it does, in words, and a button that names it.
 *
 *     if (await confirmAct({ title, text, act: 'Delete' })) …
 *
 * @module
 */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState, useSyncExternalStore } from 'react'
import { useWords } from '../words/use-words.ts'
import { words } from './words.ts'

export interface Act {
  readonly title: string
  /** What happens, and to whom. */
  readonly text: string
  /** Of the button: what it does, not "OK". */
  readonly act: string
  /** A word to be typed first, for what nobody brings back. */
  readonly typed?: string
}

interface Asked extends Act {
  readonly answer: (isMeant: boolean) => void
}

let asked: Asked | null = null
const listeners = new Set<() => void>()

function ask(next: Asked | null): void {
  asked = next
  for (const tell of listeners) tell()
}

/** True: the person means it. One at a time; a second question answers the first with no. */
export function confirmAct(act: Act): Promise<boolean> {
  asked?.answer(false)
  return new Promise((resolve) => {
    ask({
      ...act,
      answer(isMeant) {
        ask(null)
        resolve(isMeant)
      },
    })
  })
}

/** Stands once in the app. */
export function ConfirmAct(): ReactNode {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => asked,
  )
  return now === null ? null : <Question key={now.title} {...now} />
}

function Question({ title, text, act, typed, answer }: Asked): ReactNode {
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

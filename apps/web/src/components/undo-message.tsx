/**
 * What was done, and for a moment the way back from it.
 *
 * @module
 */
import { Button, Group, Kbd, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useCallback, useState } from 'react'
import { useShortcut } from '../app/shortcuts.ts'
import { useWords } from '../words/use-words.ts'
import { undoMs } from './tell.ts'
import { words } from './words.ts'

interface UndoMessageProps {
  readonly text: string
  readonly undo: () => void
}

/** By Tab it is further away than it stands: behind all that the screen has. */
const undoKey = 'u'

/** Shown at the edge, read aloud. */
export function useTellUndo(): (text: string, undo: () => void) => void {
  return useCallback((text, undo) => {
    let isDone = false
    const id = notifications.show({
      // By the same clock as what is taken back: not longer while a pointer rests on it, nor behind others that stand.
      autoClose: false,
      role: 'status',
      message: (
        <UndoMessage
          text={text}
          undo={() => {
            // It stands a moment longer, while it goes.
            if (isDone) return
            isDone = true
            clearTimeout(end)
            notifications.hide(id)
            undo()
          }}
        />
      ),
    })
    const end = setTimeout(() => notifications.hide(id), undoMs)
  }, [])
}

function UndoMessage({ text, undo }: UndoMessageProps): ReactNode {
  const t = useWords(words)
  const hasKeyboard = useMediaQuery('(hover: hover)') ?? false
  const [isDone, setDone] = useState(false)
  const takeBack = (): void => {
    setDone(true)
    undo()
  }
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm">{text}</Text>
      <Button
        size="sm"
        variant="default"
        onClick={takeBack}
        aria-keyshortcuts={undoKey}
        rightSection={hasKeyboard ? <Kbd aria-hidden>{undoKey}</Kbd> : null}
      >
        {t('undo')}
      </Button>
      {!isDone && <UndoKey undo={takeBack} />}
    </Group>
  )
}

/** The key is for the message before it as soon as this one is done with. */
function UndoKey({ undo }: Pick<UndoMessageProps, 'undo'>): ReactNode {
  const t = useWords(words)
  useShortcut(undoKey, t('doUndo'), undo)
  return null
}

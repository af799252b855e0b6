/**
 * Where one writes: grows with the text, sends with Enter where there is a keyboard.
 *
 * @module
 */
import { ActionIcon, Textarea } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconSend2 } from '@tabler/icons-react'
import { type FormEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { useFail } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './talk.module.css'
import { words } from './words.ts'

export interface WriteBoxProps {
  /** Whose draft it is. */
  readonly draft: string
  /** Rejects when nothing was kept: the text stays. */
  readonly send: (text: string) => Promise<void>
}

/** UTF-16 units; what is longer goes as a file. */
const maxLength = 16_000

/** What was begun in each conversation, for as long as the page is there. */
const drafts = new Map<string, string>()

export function WriteBox({ draft, send }: WriteBoxProps): ReactNode {
  const t = useWords(words)
  const fail = useFail()
  const hasKeyboard = useMediaQuery('(hover: hover)') ?? false
  const [text, setText] = useState(drafts.get(draft) ?? '')
  const [isBusy, setBusy] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const isReady = text.trim() !== '' && !isBusy

  function type(next: string): void {
    setText(next)
    if (next === '') drafts.delete(draft)
    else drafts.set(draft, next)
  }

  async function submit(event?: FormEvent): Promise<void> {
    event?.preventDefault()
    if (!isReady) return
    setBusy(true)
    try {
      await send(text.trim())
      type('')
    } catch (error) {
      fail(error)
    } finally {
      setBusy(false)
      box.current?.focus()
    }
  }

  function press(event: KeyboardEvent): void {
    const isSending = event.key === 'Enter' && !event.nativeEvent.isComposing
    const isMeant = hasKeyboard ? !event.shiftKey : event.ctrlKey || event.metaKey
    if (!isSending || !isMeant) return
    event.preventDefault()
    void submit()
  }

  return (
    <form className={classes.box} onSubmit={(event) => void submit(event)}>
      <Textarea
        ref={box}
        className={classes.input ?? ''}
        aria-label={t('text')}
        placeholder={t('text')}
        title={hasKeyboard ? t('sendHelp') : undefined}
        value={text}
        maxLength={maxLength}
        onChange={({ currentTarget }) => type(currentTarget.value)}
        onKeyDown={press}
        autosize
        minRows={1}
        maxRows={8}
        dir="auto"
      />
      <ActionIcon
        type="submit"
        variant="filled"
        color="clay"
        size={44}
        aria-label={t('send')}
        disabled={!isReady}
      >
        <IconSend2 size={22} className={classes.back} />
      </ActionIcon>
    </form>
  )
}

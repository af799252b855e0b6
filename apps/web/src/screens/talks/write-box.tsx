/**
 * Where one writes in a conversation: grows with the text, takes files, keeps what was begun, and sends with Enter where
 * there is a keyboard.
 *
 * @module
 */
import type { Attachment } from '@effigy/core'
import type { NoteDraft } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { ActionIcon, Textarea } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconPaperclip, IconSend2 } from '@tabler/icons-react'
import {
  type ClipboardEvent,
  type DragEvent,
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  useRef,
  useState,
} from 'react'
import { isFileOf, sealedAs } from '../../components/composer/attached.ts'
import { AttachedList } from '../../components/composer/attached-list.tsx'
import {
  asAttachments,
  maxAttached,
  readyFiles,
  useAttached,
} from '../../components/composer/use-attached.ts'
import { useDraft } from '../../components/composer/use-draft.ts'
import { useFail } from '../../components/fault.tsx'
import { demandNoSecret } from '../../components/secret-guard/secret-in.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './talk.module.css'
import { words } from './words.ts'

export interface WriteBoxProps {
  /** Whose draft it is: the name of the conversation. */
  readonly draft: string
  readonly autoFocus?: boolean
  /** Rejects when nothing was kept: the text stays. */
  readonly send: (note: NoteDraft) => Promise<void>
}

/** UTF-16 units: 128 KiB at most, whatever the script. What is longer goes as a file. */
const maxLength = 40_000

export function WriteBox({ draft, autoFocus = false, send }: WriteBoxProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const hasKeyboard = useMediaQuery('(hover: hover)') ?? false
  const [text, setText] = useState('')
  const [isBusy, setBusy] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const chooser = useRef<HTMLInputElement>(null)
  // Nobody but the people here opens what hangs on a message.
  const files = useAttached(peer, true)
  const ready = readyFiles(files.list)
  const { forget } = useDraft(peer, {
    name: `talk/${draft}`,
    draft: {
      text,
      warning: '',
      attachments: asAttachments(ready),
      mentions: [],
      audience: { type: 'people', to: [] },
      at: Date.now(),
    },
    onFound(found) {
      setText(found.text)
      const known = (found.attachments as readonly Attachment[]).filter(isFileOf)
      if (known.length > 0) files.restore(known)
    },
  })
  const isWaiting = files.isBusy || files.list.some(({ state }) => state.type !== 'ready')
  const isReady = (text.trim() !== '' || ready.length > 0) && !isWaiting && !isBusy

  async function submit(event?: FormEvent): Promise<void> {
    event?.preventDefault()
    if (!isReady) return
    setBusy(true)
    try {
      await demandNoSecret(text, ...ready.map(({ alt }) => alt ?? ''))
      const { signal } = new AbortController()
      const sealed = []
      for (const file of ready) sealed.push(await sealedAs(peer, file, { isEncrypted: true, signal }))
      const attachments = asAttachments(sealed)
      await send({ text: text.trim(), ...(attachments.length === 0 ? {} : { attachments }) })
      setText('')
      files.clear()
      await forget()
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

  function take(event: ClipboardEvent | DragEvent, data: DataTransfer): void {
    if (data.files.length === 0) return
    event.preventDefault()
    files.add(data.files)
  }

  return (
    <form
      className={classes.write}
      onSubmit={(event) => void submit(event)}
      onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
      onDrop={(event) => take(event, event.dataTransfer)}
    >
      {files.list.length > 0 && (
        <div className={classes.attached}>
          <AttachedList files={files} />
        </div>
      )}
      <div className={classes.box}>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          onChange={({ currentTarget }) => {
            files.add([...(currentTarget.files ?? [])])
            // The same one may be chosen again.
            currentTarget.value = ''
          }}
        />
        <ActionIcon
          aria-label={t('attach')}
          disabled={files.list.length >= maxAttached}
          onClick={() => chooser.current?.click()}
        >
          <IconPaperclip size={22} stroke={1.6} />
        </ActionIcon>
        <Textarea
          ref={box}
          className={classes.input ?? ''}
          aria-label={t('text')}
          placeholder={t('text')}
          title={hasKeyboard ? t('sendHelp') : undefined}
          autoFocus={autoFocus}
          value={text}
          maxLength={maxLength}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={press}
          onPaste={(event) => take(event, event.clipboardData)}
          autosize
          minRows={1}
          maxRows={8}
          dir="auto"
        />
        <ActionIcon type="submit" variant="filled" color="clay" aria-label={t('send')} disabled={!isReady}>
          <IconSend2 size={22} className={classes.back} />
        </ActionIcon>
      </div>
    </form>
  )
}

/**
 * Where a note is written, whatever it is: new, an answer, or something else in place of what one wrote.
 *
 *     who reads it │ text, names │ files │ warning, preview │ send        a draft is kept all the while
 *
 * @module
 */
import type { Attachment, ContentName, Identity, Mention } from '@effigy/core'
import { useLive, usePeer } from '@effigy/react'
import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import {
  IconAlertCircle,
  IconEye,
  IconEyeOff,
  IconMoodSmile,
  IconPaperclip,
  IconPhoto,
} from '@tabler/icons-react'
import { type DragEvent, type FormEvent, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { wantsAltReminder } from '../../app/alt-reminder.ts'
import { late } from '../../app/late.tsx'
import type { KeyOf } from '../../words/define.ts'
import { useWords } from '../../words/use-words.ts'
import { confirmAct } from '../confirm-act.tsx'
import { Fault, useFail } from '../fault.tsx'
import { formatBytes } from '../format.ts'
import { NoteText } from '../note/note-text.tsx'
import { tell } from '../tell.ts'
import { useTellUndo } from '../undo-message.tsx'
import { type AttachedFile, isFileOf } from './attached.ts'
import { AttachedList } from './attached-list.tsx'
import { type Audience, everybody } from './audience.ts'
import { AudienceChip, AudienceChoice, Readers } from './audience-choice.tsx'
import classes from './composer.module.css'
import type { Draft, DraftName } from './drafts.ts'
import { byteLength } from './note-text.ts'
import { isQuote, QuoteList, useQuotes } from './quotes.tsx'
import { type About, type Done, type NotePayload, notePayload, sendNote } from './send.ts'
import { tellSent } from './sent-message.tsx'
import { TextBox } from './text-box.tsx'
import { asAttachments, maxAttached, readyFiles, useAttached } from './use-attached.ts'
import { useDraft } from './use-draft.ts'
import { words } from './words.ts'

const EmojiPicker = late(async () => (await import('./emoji-picker.tsx')).EmojiPicker)

export interface ComposerProps {
  /** Something new when omitted. */
  readonly about?: About
  /** To whom it is at first; everybody when omitted. */
  readonly to?: readonly Identity[]
  /** What stands there at first, where no draft does. */
  readonly text?: string
  /** What is to be shown inside of it. */
  readonly quote?: ContentName | null
  /** What is attached at first. */
  readonly files?: readonly File[]
  /** Where it is kept meanwhile; by what it is about when omitted. */
  readonly draft?: DraftName
  readonly autoFocus?: boolean
  /** It is written, and goes out by itself. */
  readonly onDone?: (to: Audience) => void
  /** A way out; none is offered when omitted. */
  readonly onCancel?: () => void
}

/** UTF-8 bytes of a note (P10). */
const maxTextBytes = 128 * 1024

/** From here on the limit is of interest. */
const nearLimit = 0.5

/** UTF-16 units that surely fit a content warning. */
const maxWarningLength = 160

const newNote: About = { type: 'note' }

export function Composer(props: ComposerProps): ReactNode {
  const { about = newNote, to = [], quote = null, autoFocus = false, onDone, onCancel } = props
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const tellUndo = useTellUndo()
  const box = useRef<HTMLTextAreaElement>(null)
  const before = about.type === 'edit' ? notePayload(about.item) : null
  const [text, setText] = useState(before?.text ?? props.text ?? '')
  const [warning, setWarning] = useState<string | null>(before?.cw ?? null)
  const [mentions, setMentions] = useState<readonly Mention[]>(before?.mentions ?? [])
  const first: Audience = to.length === 0 ? everybody : { type: 'people', to }
  const [audience, setAudience] = useState(first)
  const [isPreview, setPreview] = useState(false)
  const [isDragged, setDragged] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const isFeedPrivate = useLive('privateFeed.status').value?.isPrivate === true
  const isForSome = about.type === 'note' ? audience.type !== 'all' : isAboutSome(about)
  const isEncrypted = isForSome || isFeedPrivate
  const attached = before?.attachments ?? []
  const quotes = useQuotes(quote, attached.filter(isQuote))
  const kept = [...attached.filter((one) => !isFileOf(one) && !isQuote(one)), ...quotes.list]
  const files = useAttached(peer, isEncrypted, kept.length)

  const isStarted = useRef(false)
  useEffect(() => {
    if (isStarted.current) return
    isStarted.current = true
    // Once: what hangs on the note, or what another app shared.
    const standing = attached.filter(isFileOf)
    if (standing.length > 0) files.restore(standing)
    else if (props.files !== undefined) files.add(props.files)
  })

  const ready = readyFiles(files.list)
  const draft: Draft = {
    text,
    warning: warning ?? '',
    attachments: asAttachments(ready),
    mentions,
    audience,
    at: Date.now(),
  }
  const { forget } = useDraft(peer, {
    name: props.draft ?? draftName(about, to, quote),
    draft,
    base: before === null ? null : draftOf(before, audience),
    onFound(found) {
      setText(found.text)
      if (found.warning !== '' || before !== null) setWarning(found.warning === '' ? null : found.warning)
      setMentions(found.mentions)
      setAudience(found.audience)
      const known = (found.attachments as readonly Attachment[]).filter(isFileOf)
      if (known.length > 0 || before !== null) files.restore(known)
    },
  })

  const bytes = byteLength(text)
  const isOver = bytes > maxTextBytes
  const isEmpty = text.trim() === '' && ready.length === 0 && kept.length === 0
  const isWaiting = quotes.isPending || files.isBusy || files.list.some(({ state }) => state.type !== 'ready')
  const isReady = !isEmpty && !isOver && !isWaiting && !isBusy

  async function send(event?: FormEvent): Promise<void> {
    event?.preventDefault()
    if (!isReady) return
    if (wantsAltReminder() && !(await mayGoUndescribed(ready, t))) return
    setBusy(true)
    setError(null)
    try {
      const { signal } = new AbortController()
      const done = await sendNote(
        peer,
        { about, audience, text, warning: warning ?? '', mentions, files: ready, kept, isEncrypted },
        signal,
      )
      setText('')
      setWarning(null)
      setPreview(false)
      setMentions([])
      // The next one is for whom it would have been without this one.
      setAudience(first)
      files.clear()
      quotes.clear()
      setBusy(false)
      if (done.type === 'edited') tellUndo(t('edited'), () => void undo(done))
      else if (done.talk !== null && audience.type !== 'all') tellSent(peer, { audience, talk: done.talk })
      onDone?.(audience)
      await forget()
    } catch (reason) {
      // Everything stays: it can be sent again.
      setError(reason)
      setBusy(false)
    }
  }

  /** Whoever wrote it may be elsewhere by now. */
  async function undo(done: Extract<Done, { readonly type: 'edited' }>): Promise<void> {
    try {
      await done.undo()
      tell({ message: t('editUndone'), role: 'status' })
    } catch (reason) {
      fail(reason)
    }
  }

  function cancel(): void {
    // What stood stays as it was: what was begun instead is not wanted.
    if (about.type === 'edit') void forget().catch(() => {})
    onCancel?.()
  }

  function insert(said: string): void {
    const { selectionStart: from = text.length, selectionEnd: until = text.length } = box.current ?? {}
    setText(text.slice(0, from) + said + text.slice(until))
    requestAnimationFrame(() => {
      box.current?.focus()
      box.current?.setSelectionRange(from + said.length, from + said.length)
    })
  }

  function drag(event: DragEvent): void {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setDragged(event.type === 'dragover')
    if (event.type === 'drop') files.add(event.dataTransfer.files)
  }

  const isFull = files.list.length + kept.length >= maxAttached
  const label = { note: t('sayHello'), reply: t('replyLabel'), edit: t('editLabel') }[about.type]
  return (
    <form
      className={classes.composer}
      data-dragged={isDragged || undefined}
      onSubmit={(event) => void send(event)}
      onDragOver={drag}
      onDragLeave={drag}
      onDrop={drag}
    >
      <Group gap="xs">
        {about.type === 'note' ? (
          <AudienceChoice audience={audience} onChange={setAudience} />
        ) : (
          <AudienceChip isForSome={isForSome} />
        )}
      </Group>
      {about.type === 'note' && audience.type === 'people' && (
        <Readers to={audience.to} onChange={(people) => setAudience({ type: 'people', to: people })} />
      )}
      {warning !== null && (
        <TextInput
          aria-label={t('warning')}
          placeholder={t('warningPlaceholder')}
          value={warning}
          onChange={({ currentTarget }) => setWarning(currentTarget.value)}
          maxLength={maxWarningLength}
          leftSection={<IconAlertCircle size={18} />}
          dir="auto"
        />
      )}
      <TextBox
        box={box}
        label={label}
        placeholder={t(placeholderOf(about, quote))}
        text={text}
        onText={setText}
        onMention={(mention) => setMentions((all) => [...all, mention])}
        onFiles={files.add}
        onSend={() => void send()}
        isLarge={about.type === 'note' && autoFocus}
        autoFocus={autoFocus}
      />
      {isPreview && text.trim() !== '' && (
        <section className={classes.preview} aria-label={t('preview')}>
          <NoteText text={text.trim()} mentions={mentions} />
        </section>
      )}
      <QuoteList quotes={quotes} />
      <AttachedList files={files} />
      {error !== null && <Fault error={error} />}
      <Group gap="xs" align="end">
        {/* Beside the buttons, as long as two of them have room there. */}
        <Group gap={2} style={{ flex: '1 1 5.5rem' }}>
          <ChooseFiles
            label={t('addPictures')}
            accept="image/*"
            isFull={isFull}
            add={files.add}
            icon={IconPhoto}
          />
          <ChooseFiles label={t('addFiles')} isFull={isFull} add={files.add} icon={IconPaperclip} />
          <EmojiButton insert={insert} />
          <ActionIcon
            size={40}
            aria-label={t('addWarning')}
            aria-pressed={warning !== null}
            variant={warning === null ? 'subtle' : 'light'}
            onClick={() => setWarning(warning === null ? '' : null)}
          >
            <IconAlertCircle size={22} stroke={1.6} />
          </ActionIcon>
          <ActionIcon
            size={40}
            aria-label={t('preview')}
            aria-pressed={isPreview}
            variant={isPreview ? 'light' : 'subtle'}
            onClick={() => setPreview(!isPreview)}
          >
            {isPreview ? <IconEyeOff size={22} stroke={1.6} /> : <IconEye size={22} stroke={1.6} />}
          </ActionIcon>
        </Group>
        <Stack gap={4} align="end" ms="auto" maw="100%">
          {bytes > maxTextBytes * nearLimit && (
            <Text size="xs" c={isOver ? 'red' : 'var(--soft)'} role="status">
              {t('used', { used: formatBytes(bytes), most: formatBytes(maxTextBytes) })}
            </Text>
          )}
          <Group gap="xs" justify="flex-end" maw="100%">
            {onCancel !== undefined && (
              <Button variant="subtle" onClick={cancel}>
                {t('cancel')}
              </Button>
            )}
            <Button type="submit" disabled={!isReady} loading={isBusy}>
              {{ note: t('post'), reply: t('reply'), edit: t('save') }[about.type]}
            </Button>
          </Group>
        </Stack>
      </Group>
    </form>
  )
}

/** True: every picture has a description, or the person sends them as they are. */
async function mayGoUndescribed(
  files: readonly AttachedFile[],
  t: (key: KeyOf<(typeof words)['english']>, values?: { readonly count: number }) => string,
): Promise<boolean> {
  const count = files.filter(({ type, alt }) => type === 'image' && (alt?.trim() ?? '') === '').length
  if (count === 0) return true
  return confirmAct({
    title: t('undescribed', { count }),
    text: t('undescribedText'),
    act: t('undescribedSend'),
  })
}

function isAboutSome(about: Exclude<About, { type: 'note' }>): boolean {
  return notePayload(about.item)?.type === 'private_note'
}

function placeholderOf(
  about: About,
  quote: ContentName | null,
): 'placeholder' | 'replyPlaceholder' | 'quotePlaceholder' {
  if (quote !== null) return 'quotePlaceholder'
  return about.type === 'reply' ? 'replyPlaceholder' : 'placeholder'
}

/** What stands already, as a draft would say it. */
function draftOf({ text, cw, mentions = [], attachments = [] }: NotePayload, audience: Audience): Draft {
  const files = asAttachments(attachments.filter(isFileOf))
  return { text, warning: cw ?? '', attachments: files, mentions, audience, at: 0 }
}

/** One for everybody; one for each person that one writes to, and each note that one answers, quotes or changes. */
function draftName(about: About, to: readonly Identity[], quote: ContentName | null): DraftName | null {
  if (quote !== null) return `quote/${quote.content}/${quote.identity}`
  if (about.type !== 'note') return `${about.type}/${about.item.content}/${about.item.identity}`
  return to.length === 0 ? 'new' : `to/${to[0]}`
}

interface ChooseFilesProps {
  readonly label: string
  readonly accept?: string
  readonly isFull: boolean
  readonly icon: typeof IconPhoto
  readonly add: (files: Iterable<File>) => void
}

function ChooseFiles({ label, accept, isFull, icon: Icon, add }: ChooseFilesProps): ReactNode {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        {...(accept === undefined ? {} : { accept })}
        onChange={({ currentTarget }) => {
          add([...(currentTarget.files ?? [])])
          // The same one may be chosen again.
          currentTarget.value = ''
        }}
      />
      <ActionIcon size={40} aria-label={label} disabled={isFull} onClick={() => input.current?.click()}>
        <Icon size={22} stroke={1.6} />
      </ActionIcon>
    </>
  )
}

function EmojiButton({ insert }: { readonly insert: (said: string) => void }): ReactNode {
  const t = useWords(words)
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      withinPortal
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <ActionIcon size={40} aria-label={t('addEmoji')} onClick={() => setOpen(!isOpen)}>
          <IconMoodSmile size={22} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('addEmoji')} p="xs">
        <Suspense fallback={null}>
          <EmojiPicker
            choose={(one) => {
              setOpen(false)
              insert(one)
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}

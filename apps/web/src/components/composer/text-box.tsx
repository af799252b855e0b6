/**
 * Where the text is written: names are offered while they are typed, files that are pasted are taken.
 *
 * @module
 */
import type { Mention } from '@effigy/core'
import type { PersonName } from '@effigy/react'
import { usePeer } from '@effigy/react'
import { Textarea, VisuallyHidden } from '@mantine/core'
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { useWords } from '../../words/use-words.ts'
import { Avatar } from '../avatar.tsx'
import classes from './composer.module.css'
import { type NamedAt, namedAt, withName } from './note-text.ts'
import { words } from './words.ts'

export interface TextBoxProps {
  readonly box: RefObject<HTMLTextAreaElement | null>
  readonly label: string
  readonly placeholder: string
  readonly text: string
  readonly onText: (text: string) => void
  readonly onMention: (mention: Mention) => void
  readonly onFiles: (files: readonly File[]) => void
  /** Ctrl or ⌘ and Enter. */
  readonly onSend: () => void
  readonly isLarge: boolean
  readonly autoFocus: boolean
}

/** People offered at once. */
const maxOffered = 6

export function TextBox(props: TextBoxProps): ReactNode {
  const { box, label, placeholder, text, onText, onMention, onFiles, onSend, isLarge, autoFocus } = props
  const t = useWords(words)
  const id = useId()
  const [named, setNamed] = useState<NamedAt | null>(null)
  const [active, setActive] = useState(0)
  const offered = useOffered(named?.typed ?? null)
  const isOpen = named !== null && offered.length > 0
  const caret = useRef<number | null>(null)

  useLayoutEffect(() => {
    if (caret.current === null) return
    box.current?.setSelectionRange(caret.current, caret.current)
    caret.current = null
  })

  function look(): void {
    const { selectionStart, selectionEnd, value } = box.current ?? {}
    const at =
      selectionStart === selectionEnd && value !== undefined ? namedAt(value, selectionStart ?? 0) : null
    setNamed((before) => (before?.start === at?.start && before?.typed === at?.typed ? before : at))
    if (at?.typed !== named?.typed) setActive(0)
  }

  function choose(person: PersonName): void {
    if (named === null) return
    // Their own name: what one calls somebody is nobody else's business.
    const name = person.name.trim() === '' ? (person.petname ?? '') : person.name.trim()
    const next = withName(text, named, name)
    caret.current = next.caret
    onMention({ identity: person.identity, root: person.root, name })
    onText(next.text)
    setNamed(null)
    box.current?.focus()
  }

  function press(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      onSend()
      return
    }
    if (!isOpen) return
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }
    const step = steps[event.key]
    if (step !== undefined) setActive((active + step + offered.length) % offered.length)
    else if (event.key === 'Enter' || event.key === 'Tab') {
      const person = offered[active]
      if (person !== undefined) choose(person)
    } else if (event.key === 'Escape') setNamed(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function paste(event: ClipboardEvent): void {
    const files = [...event.clipboardData.files]
    if (files.length === 0) return
    event.preventDefault()
    onFiles(files)
  }

  return (
    <div className={classes.writing}>
      <Textarea
        ref={box}
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={({ currentTarget }) => {
          onText(currentTarget.value)
          look()
        }}
        onSelect={look}
        onBlur={() => setNamed(null)}
        onKeyDown={press}
        onPaste={paste}
        autosize
        minRows={isLarge ? 4 : 2}
        maxRows={16}
        variant="unstyled"
        classNames={{ input: classes.input ?? '' }}
        dir="auto"
        data-autofocus={autoFocus || undefined}
        autoFocus={autoFocus}
        aria-autocomplete="list"
        aria-controls={isOpen ? id : undefined}
        aria-activedescendant={isOpen ? `${id}-${active}` : undefined}
      />
      {isOpen && (
        <div role="listbox" id={id} className={classes.people} aria-label={t('peopleOffered')}>
          {offered.map((person, at) => (
            <div
              key={person.identity}
              role="option"
              id={`${id}-${at}`}
              aria-selected={at === active}
              tabIndex={-1}
              className={classes.person}
              // The caret stays where it is.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(person)}
              onKeyDown={press}
            >
              <Offered person={person} />
            </div>
          ))}
        </div>
      )}
      <VisuallyHidden role="status">
        {isOpen ? t('peopleFound', { count: offered.length }) : ''}
      </VisuallyHidden>
    </div>
  )
}

function Offered({ person }: { readonly person: PersonName }): ReactNode {
  const { identity, petname, name, avatar } = person
  const shown = petname ?? name
  return (
    <>
      <Avatar identity={identity} name={shown} picture={avatar} size={32} />
      <bdi data-others>{shown}</bdi>
      {petname !== null && name !== '' && name !== petname && (
        <bdi data-others className={classes.ownName}>
          {name}
        </bdi>
      )}
    </>
  )
}

/** Whom one knows, by the beginnings of their names. Null: nobody is asked for. */
function useOffered(typed: string | null): readonly PersonName[] {
  const peer = usePeer()
  const [offered, setOffered] = useState<readonly PersonName[]>([])
  useEffect(() => {
    if (typed === null) return setOffered([])
    let isOver = false
    peer.people.list('near', { search: typed, limit: maxOffered + 1 }).then(
      ({ items }) => {
        const people = items.filter(({ isSelf, name, petname }) => !isSelf && (petname ?? name).trim() !== '')
        if (!isOver) setOffered(people.slice(0, maxOffered))
      },
      // Nobody is offered: the name can be typed all the same.
      () => {},
    )
    return () => {
      isOver = true
    }
  }, [peer, typed])
  return offered
}

/**
 * What one can do with a note: answer, react, and more behind a button.
 *
 * @module
 */
import { type Item, useLive, usePeer } from '@effigy/react'
import { IconDots, IconMessageCircle, IconMoodPlus } from '@tabler/icons-react'
import { type ReactNode, Suspense, use, useCallback, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { late } from '../../app/late.tsx'
import { useWords } from '../../words/use-words.ts'
import { useFail } from '../fault.tsx'
import { formatNumber } from '../format.ts'
import classes from './note.module.css'
import { OnlyLookingContext } from './only-looking.ts'
import { notePath } from './paths.ts'
import { words } from './words.ts'

const NoteMenu = late(async () => (await import('./note-menu.tsx')).NoteMenu)

const quick = ['❤️', '👍', '😂', '😮', '😢', '🎉'] as const

/** Labels that are no reactions. */
const quiet: ReadonlySet<string> = new Set(['pin'])

/** ms that a note is in view before its numbers are asked for: many only rush by. */
const settleMs = 300

interface Tally {
  readonly answers: number
  readonly reactions: readonly { readonly label: string; readonly count: number; readonly isOwn: boolean }[]
}

const nothing: Tally = { answers: 0, reactions: [] }

export interface NoteActionsProps {
  readonly item: Item
  /** Something else is to be written in its place. */
  readonly onEdit: () => void
}

export function NoteActions({ item, onEdit }: NoteActionsProps): ReactNode {
  const [isSettled, setSettled] = useState(false)
  const [tally, setTally] = useState(nothing)
  const isOnlyLooking = use(OnlyLookingContext) !== null
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), settleMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className={classes.actions}>
      {isSettled && <Counted item={item} tell={setTally} />}
      {/* The same from the first moment on: what was opened early stays open. */}
      <Shown item={item} tally={tally} />
      {!isOnlyLooking && <More item={item} onEdit={onEdit} />}
    </div>
  )
}

interface CountedProps {
  readonly item: Item
  readonly tell: (tally: Tally) => void
}

function Counted({ item, tell }: CountedProps): ReactNode {
  const tally = useLive('tally', item.identity, item.content).value
  useEffect(() => {
    if (tally !== null) tell(tally)
  }, [tally, tell])
  return null
}

function Shown({ item, tally }: Pick<NoteActionsProps, 'item'> & { readonly tally: Tally }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const refuse = use(OnlyLookingContext)
  const [isChoosing, setChoosing] = useState(false)
  const reactions = tally.reactions.filter(({ label }) => !quiet.has(label))
  const given = new Set(reactions.map(({ label }) => label))

  const frame = useRef<HTMLSpanElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const close = useCallback((): void => {
    setChoosing(false)
    opener.current?.focus()
  }, [])
  useEffect(() => {
    const { current } = frame
    if (!isChoosing || current === null) return
    const touch = ({ target }: Event): void => {
      if (!current.contains(target as Node)) setChoosing(false)
    }
    const leave = ({ relatedTarget }: FocusEvent): void => {
      const next = relatedTarget as Node | null
      // Where a press gives a button no focus, what is around it has it: nobody left.
      const isNear = next === null || current.contains(next) || next.contains(current)
      if (!isNear) setChoosing(false)
    }
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      close()
    }
    document.addEventListener('pointerdown', touch)
    current.addEventListener('focusout', leave)
    current.addEventListener('keydown', press)
    return () => {
      document.removeEventListener('pointerdown', touch)
      current.removeEventListener('focusout', leave)
      current.removeEventListener('keydown', press)
    }
  }, [isChoosing, close])

  function react(label: string, value: boolean): void {
    if (refuse !== null) refuse()
    else peer.label(item.identity, item.content, label, value).catch(fail)
  }

  function choose(label: string): void {
    close()
    react(label, true)
  }

  return (
    <>
      <Link
        href={notePath(item)}
        className={classes.action}
        data-act="answer"
        aria-label={tally.answers === 0 ? t('reply') : t('replies', { count: tally.answers })}
      >
        <IconMessageCircle size={20} stroke={1.6} aria-hidden />
        {tally.answers > 0 && formatNumber(tally.answers)}
      </Link>
      {reactions.map(({ label, count, isOwn }) => (
        <button
          key={label}
          type="button"
          className={classes.action}
          aria-pressed={isOwn}
          aria-label={t('reaction', { label, count })}
          onClick={() => react(label, !isOwn)}
        >
          <bdi className={classes.emoji} data-others>
            {label}
          </bdi>
          {formatNumber(count)}
        </button>
      ))}
      <span ref={frame} className={classes.choice}>
        <button
          ref={opener}
          type="button"
          className={classes.action}
          data-act="react"
          aria-label={t('react')}
          aria-expanded={isChoosing}
          onClick={() => setChoosing(!isChoosing)}
        >
          <IconMoodPlus size={20} stroke={1.6} aria-hidden />
        </button>
        {isChoosing &&
          quick
            .filter((label) => !given.has(label))
            .map((label) => (
              <button
                key={label}
                type="button"
                className={classes.action}
                aria-label={t('reactWith', { label })}
                onClick={() => choose(label)}
              >
                <span className={classes.emoji}>{label}</span>
              </button>
            ))}
      </span>
    </>
  )
}

/** Its menu is loaded when somebody wants it. */
function More({ item, onEdit }: NoteActionsProps): ReactNode {
  const t = useWords(words)
  const [isWanted, setWanted] = useState(false)
  const button = (
    <button
      type="button"
      className={`${classes.action} ${classes.end}`}
      aria-label={t('more')}
      aria-haspopup="menu"
      onClick={() => setWanted(true)}
    >
      <IconDots size={20} stroke={1.6} aria-hidden />
    </button>
  )
  if (!isWanted) return button
  return (
    <Suspense fallback={button}>
      <NoteMenu item={item} onEdit={onEdit} />
    </Suspense>
  )
}

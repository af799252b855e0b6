/**
 * Emoji to choose from. Loaded when somebody wants one.
 *
 * @module
 */
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { useWords } from '../../words/use-words.ts'
import classes from './composer.module.css'
import { emoji, emojiGroups } from './emoji.ts'
import { words } from './words.ts'

export function EmojiPicker({ choose }: { readonly choose: (one: string) => void }): ReactNode {
  const t = useWords(words)
  const all = useRef<HTMLDivElement>(null)

  /** One stop for the tabulator; arrows go on from there. */
  function press(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: 8,
      ArrowUp: -8,
    }
    const step = steps[event.key]
    const buttons = [...(all.current?.querySelectorAll('button') ?? [])]
    const at = buttons.indexOf(event.target as HTMLButtonElement)
    if (step === undefined || at === -1) return
    event.preventDefault()
    const mirrored = document.documentElement.dir === 'rtl' && Math.abs(step) === 1 ? -step : step
    buttons[Math.max(0, Math.min(buttons.length - 1, at + mirrored))]?.focus()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only moves the focus among its buttons
    <div ref={all} className={classes.emoji} onKeyDown={press}>
      {emojiGroups.map((group, groupAt) => (
        <fieldset key={group} className={classes.emojiGroup}>
          <legend>{t(group)}</legend>
          {emoji[group].map((one, at) => (
            <button
              key={one}
              type="button"
              className={classes.emojiOne}
              tabIndex={groupAt === 0 && at === 0 ? 0 : -1}
              data-autofocus={groupAt === 0 && at === 0 ? true : undefined}
              data-others
              onClick={() => choose(one)}
            >
              {one}
            </button>
          ))}
        </fieldset>
      ))}
    </div>
  )
}

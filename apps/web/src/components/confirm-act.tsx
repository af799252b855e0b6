/**
 * Before something that cannot be undone: what it does, in words, and a button that names it.
 *
 *     if (await confirmAct({ title, text, act: 'Delete' })) …
 *
 * @module
 */
import { type ReactNode, Suspense, useSyncExternalStore } from 'react'
import { late } from '../app/late.tsx'

const ActQuestion = late(async () => (await import('./act-question.tsx')).ActQuestion)

export interface Act {
  readonly title: string
  /** What happens, and to whom. */
  readonly text: string
  /** Of the button: what it does, not "OK". */
  readonly act: string
  /** A word to be typed first, for what nobody brings back. */
  readonly typed?: string
}

export interface AskedAct extends Act {
  readonly answer: (isMeant: boolean) => void
}

let asked: AskedAct | null = null
const listeners = new Set<() => void>()

function ask(next: AskedAct | null): void {
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
  return <Suspense fallback={null}>{now === null ? null : <ActQuestion key={now.title} {...now} />}</Suspense>
}

/**
 * Our open requests: each answer goes to whoever asked (spec M2).
 *
 *     open(request, onAnswer) ─▶ id … answer {re} ─▶ onAnswer … end ─▶ forgotten
 *
 * @module
 */
import type { FrameBytes } from '../frame.ts'
import type { ErrorMessage, Message, Request, Response } from '../messages.ts'
import { SparseMap } from '../sparse.ts'
import type { Effects } from './effects.ts'

export type AnswerMessage = Response | ErrorMessage

type WithoutId<Kind> = Kind extends unknown ? Omit<Kind, 'id'> : never

export interface Asked {
  /** Gives the number of the request. */
  open(
    request: WithoutId<Request>,
    bytes: FrameBytes,
    onAnswer: (answer: AnswerMessage, bytes: Uint8Array) => void,
  ): number
  /** Nothing more of it is heard. */
  cancel(id: number): void
  /** Whether it answers something that was asked and is not over. */
  isOpen(answer: AnswerMessage): boolean
  /** Answers to what was never asked, or no longer is, fall through. */
  take(answer: AnswerMessage, bytes: Uint8Array): void
}

export function createAsked(effects: Pick<Effects, 'send'>): Asked {
  return new SessionAsked(effects)
}

/** A class, because each session has one. */
class SessionAsked implements Asked {
  readonly #effects: Pick<Effects, 'send'>
  readonly #handlers = new SparseMap<number, (answer: AnswerMessage, bytes: Uint8Array) => void>()
  #last = 0

  constructor(effects: Pick<Effects, 'send'>) {
    this.#effects = effects
  }

  open(
    request: WithoutId<Request>,
    bytes: FrameBytes,
    onAnswer: (answer: AnswerMessage, bytes: Uint8Array) => void,
  ): number {
    const id = ++this.#last
    this.#handlers.set(id, onAnswer)
    this.#effects.send({ ...request, id } as Request, bytes)
    return id
  }

  cancel(id: number): void {
    if (this.#handlers.delete(id)) this.#effects.send({ type: 'cancel', id })
  }

  isOpen({ re }: AnswerMessage): boolean {
    return re !== null && this.#handlers.has(re)
  }

  take(answer: AnswerMessage, bytes: Uint8Array): void {
    if (answer.re === null) return
    const onAnswer = this.#handlers.get(answer.re)
    if (onAnswer === undefined) return
    if (answer.type === 'error' || ('end' in answer && answer.end)) this.#handlers.delete(answer.re)
    onAnswer(answer, bytes)
  }
}

export function isAnswer(message: Message): message is AnswerMessage {
  return 're' in message
}

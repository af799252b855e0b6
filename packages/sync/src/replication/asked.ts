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

export function createAsked({ send }: Pick<Effects, 'send'>): Asked {
  const handlers = new SparseMap<number, (answer: AnswerMessage, bytes: Uint8Array) => void>()
  let last = 0
  return {
    open(request, bytes, onAnswer) {
      const id = ++last
      handlers.set(id, onAnswer)
      send({ ...request, id } as Request, bytes)
      return id
    },
    cancel(id) {
      if (handlers.delete(id)) send({ type: 'cancel', id })
    },
    isOpen: ({ re }) => re !== null && handlers.has(re),
    take(answer, bytes) {
      if (answer.re === null) return
      const onAnswer = handlers.get(answer.re)
      if (onAnswer === undefined) return
      if (answer.type === 'error' || ('end' in answer && answer.end)) handlers.delete(answer.re)
      onAnswer(answer, bytes)
    },
  }
}

export function isAnswer(message: Message): message is AnswerMessage {
  return 're' in message
}

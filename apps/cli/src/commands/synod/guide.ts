/**
 * Leads a person through one pairing: the four pictures, yes or no, how far it is, how it ended.
 *
 *     PairingRun ─states▶ lines, a question ─decide▶ … ─▶ Linked
 *
 * @module
 */
import { codeMessages, EffigyError } from '@effigy/core'
import { type Emoji, type Linked, type PairingRun, type PairingState, pairingMessages } from '@effigy/sync'
import type { Context } from '../../context.ts'
import { failure } from '../../failure.ts'
import { askPerson, canAsk } from '../../input.ts'
import { synodSay as say } from '../../messages/index.ts'
import { calmLine } from '../../terminal-text.ts'

/** Questions to the person, one after the other. */
export interface Questions {
  /** False where nobody is there. Rejects with the signal's reason. */
  ask(question: string, signal: AbortSignal): Promise<boolean>
}

/** Yes to everything where the person said so beforehand. Throws `compare-needed` where nobody could answer. */
export function createQuestions(context: Context, isSure: boolean): Questions {
  if (!isSure && !canAsk(context)) throw failure('compare-needed')
  let last: Promise<unknown> = Promise.resolve()
  return {
    ask(question, signal) {
      if (isSure) return Promise.resolve(true)
      const answer = last.then(() => askPerson(context, question, signal))
      last = answer.catch(() => {})
      return answer
    },
  }
}

/**
 * Resolves when both sides are linked. An aborted signal cancels, which leaves both devices as they were; throws its
 * reason then, else an error with the code of what went wrong.
 */
export async function guide(
  context: Context,
  run: PairingRun,
  questions: Questions,
  signal: AbortSignal,
): Promise<Linked> {
  const over = new AbortController()
  const until = AbortSignal.any([signal, over.signal])
  let asking: Promise<void> | null = null

  async function compare(emoji: readonly Emoji[], label: string | null): Promise<void> {
    showEmoji(context, emoji, label)
    try {
      run.decide(await questions.ask(say.sameQuestion, until))
    } catch (reason) {
      // Over before the person answered: how, the outcome tells.
      if (!until.aborted) throw reason
    }
  }

  function react(state: PairingState): void {
    if (state.type === 'comparing') {
      if (state.confirmed) context.output.note(say.waitingForOther)
      else asking ??= compare(state.emoji, state.label)
    } else if (state.type === 'asking') {
      context.output.note(state.stage === null ? say.asking : say.askingStage(state.stage))
    } else if (state.type === 'undoing') context.output.note(say.undoing)
  }

  const cancel = (): void => run.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  using _watch = run.watch(react)
  react(run.state)
  if (signal.aborted) cancel()
  try {
    const outcome = await run.outcome
    over.abort()
    await asking
    if (outcome.ok) return outcome.value
    if (outcome.error.uncertain !== null) context.output.note(say.uncertain)
    signal.throwIfAborted()
    throw codeError(outcome.error.code)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** What a wrong code, or a pairing that failed, is told with. */
export function codeError(code: string): EffigyError {
  const known: Readonly<Record<string, string>> = { ...codeMessages, ...pairingMessages }
  return new EffigyError(code, known[code] ?? say.refused(code))
}

function showEmoji({ output }: Context, emoji: readonly Emoji[], label: string | null): void {
  const pictures = emoji.map((one) => `${one.emoji} ${one.name}`).join('   ')
  output.json({ type: 'emoji', emoji, label })
  if (label !== null) output.line(say.wantsToJoin(calmLine(label)))
  output.line(pictures)
}

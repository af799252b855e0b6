/**
 * Leads a person through one pairing: the four pictures, yes or no, how far it is, how it ended.
 *
 *     AccountLink ─states▶ lines, a question ─decide▶ … ─▶ Linked
 *
 * @module
 */
import type { Emoji } from '@effigy/core'
import { codeMessages, EffigyError } from '@effigy/core'
import type { AccountLink } from '@effigy/peer'
import { type Linked, pairingMessages } from '@effigy/sync'
import type { Context } from '../../context.ts'
import { exitCode, exitCodeOf } from '../../exit-codes.ts'
import { failure } from '../../failure.ts'
import { askPerson, canAsk } from '../../input.ts'
import { synodSay as say } from '../../messages/index.ts'
import type { Output } from '../../output.ts'
import { calmLine } from '../../terminal-text.ts'

/** Questions to the person, one after the other. */
export interface Questions {
  /** False where nobody is there. Rejects with the signal's reason. */
  ask(question: string, signal: AbortSignal): Promise<boolean>
}

/** Yes to everything where the person said so beforehand. Throws `compare-needed` where nobody could answer. */
export function createQuestions(context: Context, isSure: boolean): Questions {
  if (!isSure && !canAsk(context)) throw failure('compare-needed', 'pictures')
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
  { output }: Context,
  link: AccountLink,
  questions: Questions,
  signal: AbortSignal,
): Promise<Linked> {
  const over = new AbortController()
  const until = AbortSignal.any([signal, over.signal])
  let asking: Promise<void> | null = null
  let failed: { readonly reason: unknown } | null = null

  async function compare(emoji: readonly Emoji[], label: string | null): Promise<void> {
    showEmoji(output, emoji, label)
    try {
      link.decide(await questions.ask(say.sameQuestion, until))
    } catch (reason) {
      // Over before the person answered: how, the outcome tells.
      if (until.aborted) return
      failed = { reason }
      cancel()
    }
  }

  async function show(): Promise<void> {
    for await (const state of link.states(until)) {
      if (state.type === 'comparing') {
        if (state.confirmed) output.note(say.waitingForOther)
        else asking ??= compare(state.emoji, state.label)
      } else if (state.type === 'asking') {
        output.note(state.stage === null ? say.asking : say.askingStage(state.stage))
      } else if (state.type === 'undoing') output.note(say.undoing)
    }
  }

  const cancel = (): void => {
    try {
      link.cancel()
    } catch (reason) {
      if (!(reason instanceof EffigyError)) throw reason
      output.note(reason.message)
    }
  }
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  const showing = show().catch(cancel)
  try {
    const outcome = await link.outcome
    if (outcome.ok) return outcome.value
    if (failed !== null) throw (failed as { readonly reason: unknown }).reason
    if (outcome.error.uncertain !== null) output.note(say.uncertain)
    signal.throwIfAborted()
    throw codeError(outcome.error.code)
  } finally {
    over.abort()
    signal.removeEventListener('abort', cancel)
    await Promise.allSettled([showing, asking])
  }
}

/** How a pairing that failed is told. */
function codeError(code: string): EffigyError {
  if (exitCodeOf(code) === exitCode.bug) return failure('account-refused', code)
  const known: Readonly<Record<string, string>> = { ...codeMessages, ...pairingMessages }
  return new EffigyError(code, known[code] ?? say.refused(code))
}

function showEmoji(output: Output, emoji: readonly Emoji[], label: string | null): void {
  output.json({ type: 'emoji', emoji, label })
  if (label !== null) output.line(say.wantsToJoin(calmLine(label)))
  output.line(emoji.map((one) => `${one.emoji} ${one.name}`).join('   '))
}

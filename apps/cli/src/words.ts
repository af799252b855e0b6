/**
 * The words of an account: shown on purpose, on a terminal, and checked before they are wiped (spec Z6).
 *
 *     shown ─Enter▶ taken off the screen ─three of them asked for▶ wiped here
 *
 * @module
 */
import { createInterface } from 'node:readline'
import { EffigyError } from '@effigy/core'
import type { PeerAccount } from '@effigy/peer'
import type { Context } from './context.ts'
import { failure } from './failure.ts'
import { canAsk } from './input.ts'
import { vaultSay as say, say as sayAll } from './messages/index.ts'

/** Times that a person may answer before they look at the paper again. */
const maxAttempts = 3

/** For a command with `--reveal`. */
export function revealWords({ output }: Pick<Context, 'output'>, phrase: string | null): void {
  if (phrase === null) {
    output.note(sayAll.phraseGone)
    return
  }
  output.note(sayAll.phraseWarning)
  output.line(phrase)
}

/**
 * Wipes the words once somebody has shown that they have them: a person at the terminal, who sees them once more
 * before, or a script by `typed`, all of them. Throws `phrase-gone`, `words-needed`, `phrase-word-wrong`, `declined`.
 */
export async function confirmWords(
  context: Context,
  account: PeerAccount,
  typed: string | null,
): Promise<void> {
  const phrase = account.phrase()
  if (phrase === null) throw failure('phrase-gone')
  if (typed !== null) {
    const words = typed.trim().split(/\s+/)
    const { positions } = account.phraseQuestion() ?? { positions: [] }
    await account.confirmPhrase(positions.map((position) => words[position - 1] ?? ''))
    return
  }
  if (!canAsk(context)) throw failure('words-needed')
  await showOnce(context, phrase)
  for (let attempt = 1; ; attempt++) {
    const question = account.phraseQuestion()
    if (question === null) throw failure('phrase-gone')
    const answers: string[] = []
    for (const position of question.positions) {
      answers.push(await ask(context, say.askWord(position)))
      // None of them stays on the screen either.
      context.io.stderr.write('\u001b[1A\u001b[2K')
    }
    try {
      await account.confirmPhrase(answers)
      return
    } catch (error) {
      if (!(error instanceof EffigyError) || error.code !== 'phrase-word-wrong') throw error
      if (attempt >= maxAttempts) throw error
      context.output.note(say.wordWrong)
    }
  }
}

/** On the terminal, past `--json`; whoever looks at the screen later does not find them there. */
async function showOnce(context: Context, phrase: string): Promise<void> {
  const { stderr } = context.io
  context.output.clear()
  stderr.write(`${say.writeDown}\n\n`)
  // Some terminals do not know, and say 0.
  const columns = stderr.columns || 80
  const lines = numbered(phrase)
  for (const line of lines) stderr.write(`${line}\n`)
  await ask(context, say.pressEnter)
  const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0)
  // Up over the question, the line above it and the words, and all of it away.
  stderr.write(`\u001b[${rows + 2}A\u001b[J`)
}

function numbered(phrase: string): readonly string[] {
  return phrase.split(' ').map((word, index) => `  ${String(index + 1).padStart(2)}  ${word}`)
}

async function ask({ io: { stdin, stderr }, signal }: Context, question: string): Promise<string> {
  signal.throwIfAborted()
  const lines = createInterface({ input: stdin, output: stderr, historySize: 0 })
  try {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    lines.question(question, resolve)
    for (const end of ['SIGINT', 'close']) lines.once(end, () => reject(failure('declined')))
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    return await promise
  } finally {
    lines.close()
  }
}

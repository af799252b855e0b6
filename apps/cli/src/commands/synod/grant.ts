/**
 * What other devices ask of the main one: shown, and granted by a person.
 *
 *     requests ─question▶ grant │ deny
 *
 * @module
 */
import { EffigyError, type Identity } from '@effigy/core'
import type { AccountRequest, Peer } from '@effigy/peer'
import { deviceLabel } from '../../account.ts'
import type { Context } from '../../context.ts'
import { explain } from '../../failure.ts'
import { synodSay as say, say as sayAll } from '../../messages/index.ts'
import { calmLine } from '../../terminal-text.ts'
import type { Questions } from './guide.ts'

/** Answers requests until the signal is aborted, or `count` were granted; gives who asked for those. */
export async function answerRequests(
  context: Context,
  peer: Peer,
  {
    questions,
    count,
    signal,
  }: { readonly questions: Questions; readonly count: number; readonly signal: AbortSignal },
): Promise<readonly Identity[]> {
  const seen = new Set<number>()
  const granted: Identity[] = []
  for await (const requests of peer.account.requests(signal)) {
    for (const request of requests) {
      if (seen.has(request.id)) continue
      seen.add(request.id)
      if (await answer(context, peer, request, { questions, signal })) granted.push(request.via)
      if (granted.length >= count) return granted
    }
  }
  return granted
}

async function answer(
  context: Context,
  peer: Peer,
  request: AccountRequest,
  { questions, signal }: { readonly questions: Questions; readonly signal: AbortSignal },
): Promise<boolean> {
  const { output } = context
  const { id, type, identity, via } = request
  const label = calmLine(request.label)
  const by = deviceLabel(peer.account.show(), via)
  output.line(type === 'leave' ? say.asksToLeave(label) : say.asksToJoin(label, identity, by))
  const isGranted = await questions.ask(sayAll.confirm(''), signal)
  try {
    if (isGranted) await peer.account.grant(id)
    else peer.account.deny(id)
  } catch (error) {
    // Taken back meanwhile, say: the next one may go well.
    if (!(error instanceof EffigyError) || error.code === 'closed') throw error
    output.note(explain(error)?.text ?? error.message)
    return false
  }
  output.json({ type: 'request', request: type, identity, label: request.label, via, granted: isGranted })
  if (isGranted) output.line(say.granted(label))
  return isGranted
}

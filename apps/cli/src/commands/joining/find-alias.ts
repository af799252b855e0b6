/**
 * Whom `alice@hub.example` means: the hub is asked, then the account itself (spec W10, W23, W24).
 *
 * @module
 */
import { type Identity, parseAlias } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import type { Context } from '../../context.ts'
import { CommandFailure } from '../../failure.ts'
import { aliasErrors, joiningSay as say } from '../../messages/index.ts'
import { deadline } from '../../network.ts'
import { calmLine } from '../../terminal-text.ts'

/** No part of an identity has an `@` within. */
export function isAliasText(typed: string): boolean {
  return typed.trim().lastIndexOf('@') > 0 || parseAlias(typed) !== null
}

/** Throws `alias-…`. */
export async function findAlias(peer: Peer, context: Context, typed: string): Promise<Identity> {
  using limit = deadline(context, context.config.settings.timeout)
  const found = await peer.joining.resolveAlias(typed, { signal: limit.signal })
  if (!found.ok) {
    const { code } = found.error
    const [what, advice] = aliasErrors[code]
    throw new CommandFailure(code, { what: `"${calmLine(typed)}" ${what}`, advice })
  }
  const { alias, identity } = found.value
  context.output.note(say.resolved(alias, identity))
  return identity
}

/**
 * The relay as a service of the hub for its members (spec V80-V82).
 *
 *     turnUrls, turnSecretFile ─▶ names ─▶ service `turn`
 *
 * @module
 */
import { EffigyError, type Identity, ok } from '@effigy/core'
import { type Clock, createTurnService, type Service } from '@effigy/sync'
import { relayUrls } from './coturn-config.ts'
import { createTurnNames, turnNameMs } from './names.ts'
import type { TurnSettings } from './options.ts'
import { readTurnSecret } from './secret.ts'

/** Names that are good at once: two of everybody whom a hub of the usual size has connected. */
const maxNames = 10_000

/** Those of newcomers among them: whoever makes up names keeps nobody else from having one. */
const maxOfNewcomers = 500

export interface RelayPorts {
  readonly clock: Clock
  readonly isMember: (identity: Identity) => boolean
  readonly isNewcomer: (identity: Identity) => boolean
}

/** Null where the settings name none. Throws `EffigyError` 'turn-secret': a relay without a secret that is one. */
export function relayService(
  settings: TurnSettings,
  { clock, isMember, isNewcomer }: RelayPorts,
): Service | null {
  const { turnUrls: urls, turnSecretFile } = settings
  if (urls.length === 0) return null
  const isFor: Service['isFor'] = ({ remote }) => isMember(remote)
  if (relayUrls(urls).length === 0) {
    const seconds = turnNameMs / 1_000
    return createTurnService({ isFor, give: () => ok({ urls, login: null, seconds }) })
  }
  if (turnSecretFile === null) {
    throw new EffigyError('turn-secret', 'turnUrls names a relay: name its secret too, --turn-secret-file.')
  }
  const secret = readTurnSecret(turnSecretFile)
  if (!secret.ok) throw new EffigyError('turn-secret', secret.error.message)
  const names = createTurnNames({ secret: secret.value, clock, isNewcomer, maxNames, maxOfNewcomers })
  return createTurnService({
    isFor,
    give(remote) {
      const given = names.give(remote)
      if (!given.ok) return given
      const { user, password, seconds } = given.value
      return ok({ urls, login: { user, password }, seconds })
    },
  })
}

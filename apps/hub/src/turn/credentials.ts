/**
 * Names and passwords for coturn's REST scheme (spec V81): good until the time that stands in the name.
 *
 *     expiry, random, secret ─▶ 'expiry:random', base64(HMAC-SHA1(secret, name))
 *
 * @module
 */
import { createHmac } from 'node:crypto'

export interface TurnName {
  readonly user: string
  readonly password: string
}

/** `expiresAt`: ms of the clock that coturn reads too. `tag`: whose name it is only the hub knows. */
export function turnName(secret: string, expiresAt: number, tag: string): TurnName {
  const user = `${Math.floor(expiresAt / 1000)}:${tag}`
  return { user, password: createHmac('sha1', secret).update(user).digest('base64') }
}

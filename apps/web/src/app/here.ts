/**
 * The hub that serves this app, as it describes itself (`/.well-known/effigy`).
 *
 * @module
 */
import { type Identity, parseIdentity } from '@effigy/core'

export interface Here {
  readonly name: string
  readonly identity: Identity
  /** Where it is dialled. */
  readonly url: string
  /** Whether everybody may keep data there, without an invite. */
  readonly isOpen: boolean
  readonly terms: string | null
  readonly contact: string | null
}

/** Bytes. */
const maxBytes = 65_536

/** Null: no hub answers here, or not now. */
export async function askHere(signal: AbortSignal): Promise<Here | null> {
  try {
    const response = await fetch('/.well-known/effigy', { signal, credentials: 'omit', cache: 'no-store' })
    const text = response.ok ? await response.text() : ''
    return text.length > maxBytes ? null : parseHere(JSON.parse(text))
  } catch {
    signal.throwIfAborted()
    return null
  }
}

export function parseHere(value: unknown): Here | null {
  if (typeof value !== 'object' || value === null) return null
  const { name, identity, path, members, privacy, terms, contact } = value as Readonly<
    Record<string, unknown>
  >
  const who = typeof identity === 'string' ? parseIdentity(identity) : null
  if (typeof name !== 'string' || who === null || typeof path !== 'string' || !path.startsWith('/'))
    return null
  const url = new URL(path, location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return {
    name: name.slice(0, 200),
    identity: who,
    url: url.href,
    isOpen: members === 'anyone' && privacy !== 'restricted',
    terms: typeof terms === 'string' ? terms : null,
    contact: typeof contact === 'string' ? contact : null,
  }
}

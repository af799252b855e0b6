/**
 * Asks the hub that serves this page, as its operator (docs/hub/admin.md).
 *
 *     'people list', input ─POST, cookie of the session─▶ answer │ HubFault with its code
 *
 * @module
 */

/** What the hub says no with, by its stable code; `unreachable` where it does not answer. */
export class HubFault extends Error {
  override readonly name = 'HubFault'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Where operators come in; everything below it is the hub's. */
export const adminPath = '/admin/'

export type Input = Readonly<Record<string, string | number | null>>

export interface Listed<Row> {
  readonly items: readonly Row[]
  readonly next: string | null
}

/** Rejects with `HubFault`, and with the signal's reason. The hub is the one that serves this code: its answers have their form. */
export async function ask<Answer>(name: string, input: Input, signal: AbortSignal): Promise<Answer> {
  const response = await send(`${adminPath}${name.replace(' ', '/')}`, input, signal)
  const answer = (await response.json().catch(() => ({}))) as Answer & {
    readonly error?: unknown
    readonly message?: unknown
  }
  if (response.ok) return answer
  throw new HubFault(String(answer.error ?? 'unknown'), String(answer.message ?? ''))
}

async function send(path: string, input: Input, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(input),
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    })
  } catch {
    signal.throwIfAborted()
    throw new HubFault('unreachable', 'The hub does not answer.')
  }
}

/** The secret of a one-time link, from the address of this page. */
export function linkSecret(hash: string): string | null {
  const secret = hash.slice(1)
  return /^[\w-]{22}$/.test(secret) ? secret : null
}

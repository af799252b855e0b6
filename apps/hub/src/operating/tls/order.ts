/**
 * One certificate from an authority that speaks ACME (RFC 8555, http-01), by acme-client, which is loaded only here.
 *
 *     account ─▶ order ─▶ challenge: shown at /.well-known/acme-challenge/ ─▶ certificate
 *
 * @module
 */
import { EffigyError } from '@effigy/core'

export interface Order {
  readonly directory: string
  readonly name: string
  readonly email: string | null
  /** PEM; a new account begins with a new key. */
  readonly accountKey: string
  /** What is shown to the authority while it looks, by token. */
  readonly challenges: Map<string, string>
}

/** Ms for one answer of the authority. */
const answerMs = 30_000

/** Bytes of one answer: a chain has some KiB. */
const maxAnswerBytes: number = 1024 * 1024

/** A new key for an account. PEM. */
export async function createAccountKey(): Promise<string> {
  const { crypto } = await import('acme-client')
  return (await crypto.createPrivateEcdsaKey()).toString()
}

/** PEM. Rejects with what acme-client or the authority said; the caller decides when it is worth another try. */
export async function orderCertificate(
  order: Order,
): Promise<{ readonly cert: string; readonly key: string }> {
  const { axios, Client, crypto } = await import('acme-client')
  const { directory, name, email, accountKey, challenges } = order
  Object.assign(axios.defaults, { timeout: answerMs, maxContentLength: maxAnswerBytes, maxRedirects: 0 })
  const client = new Client({ directoryUrl: directory, accountKey })
  // Each certificate has a key of its own.
  const key = await crypto.createPrivateEcdsaKey()
  const [, csr] = await crypto.createCsr({ commonName: name, altNames: [name] }, key)
  const shown = new Set<string>()
  try {
    const cert = await client.auto({
      csr,
      ...(email === null ? {} : { email }),
      termsOfServiceAgreed: true,
      challengePriority: ['http-01'],
      // It would ask this machine under its public name, which many routers do not lead back.
      skipChallengeVerification: true,
      async challengeCreateFn(_authorization, { type, token }, answer) {
        if (type !== 'http-01') throw new EffigyError('acme-challenge', 'the authority offers no http-01')
        if (!/^[\w-]{1,256}$/.test(token))
          throw new EffigyError('acme-challenge', 'the authority sent no token')
        challenges.set(token, answer)
        shown.add(token)
      },
      challengeRemoveFn: async (_authorization, { token }) => void challenges.delete(token),
    })
    return { cert, key: key.toString() }
  } finally {
    for (const token of shown) challenges.delete(token)
  }
}

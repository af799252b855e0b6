/**
 * A small certificate authority on loopback: the parts of RFC 8555 that a client needs for http-01, and strict about them.
 *
 *     newNonce ─▶ newAccount ─▶ newOrder ─▶ challenge: asked for at `challengePort` ─▶ finalize ─▶ certificate
 *
 * @module
 */
import { createHash, createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { keyOfRequest, makeCertificate } from './certificates.ts'

export interface AcmeServer extends AsyncDisposable {
  readonly directory: string
  /** Orders that were made. */
  readonly orders: number
  /** Accounts by the thumbprints of their keys. */
  readonly accounts: ReadonlySet<string>
  /** Problem of the next orders, and for how many of them. */
  refuse(type: string, count: number): void
  /** Of the next certificates, ms. */
  lifetimeMs: number
  /** Name in the next certificates; null: the one that was asked for. */
  wrongName: string | null
  /** Where it looks; while it is 0 it waits. */
  challengePort: number
}

const dayMs = 24 * 60 * 60 * 1000

export async function startAcmeServer(now: () => number): Promise<AcmeServer> {
  const nonces = new Set<string>()
  const accounts = new Map<string, { readonly key: KeyObject; readonly thumbprint: string }>()
  const certificates = new Map<string, string>()
  const order = { count: 0, name: '', token: '', status: 'pending', challenge: 'pending', certificate: '' }
  let refusals = { type: '', count: 0 }
  let base = ''

  const state: AcmeServer = {
    get directory() {
      return `${base}/directory`
    },
    get orders() {
      return order.count
    },
    get accounts() {
      return new Set(Array.from(accounts.values(), ({ thumbprint }) => thumbprint))
    },
    refuse(type, count) {
      refusals = { type, count }
    },
    lifetimeMs: 90 * dayMs,
    wrongName: null,
    challengePort: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  /** RFC 8555, 6.2: ES256 by the account's key, over this very address, with a nonce of ours that nobody used. */
  function open(body: string, path: string) {
    const { protected: head, payload, signature } = JSON.parse(body) as Record<string, string>
    const { alg, nonce, url, jwk, kid } = JSON.parse(fromBase64url(head ?? '').toString())
    if (!nonces.delete(nonce)) return 'badNonce'
    if (alg !== 'ES256' || url !== base + path) return 'malformed'
    const key = jwk === undefined ? accounts.get(kid)?.key : createPublicKey({ key: jwk, format: 'jwk' })
    if (key === undefined) return 'accountDoesNotExist'
    const signed = Buffer.from(`${head}.${payload}`)
    const isGood = verify(
      'sha256',
      signed,
      { key, dsaEncoding: 'ieee-p1363' },
      fromBase64url(signature ?? ''),
    )
    const text = fromBase64url(payload ?? '').toString()
    return isGood ? { key, kid: kid as string, payload: text === '' ? null : JSON.parse(text) } : 'malformed'
  }

  const orderOf = () => ({
    status: order.status,
    identifiers: [{ type: 'dns', value: order.name }],
    authorizations: [`${base}/authorization`],
    finalize: `${base}/finalize`,
    ...(order.certificate === '' ? {} : { certificate: order.certificate }),
  })
  const challengeOf = () => ({
    type: 'http-01',
    url: `${base}/challenge`,
    token: order.token,
    status: order.challenge,
  })

  async function act(path: string, { key, kid, payload }: Exclude<ReturnType<typeof open>, string>) {
    switch (path) {
      case '/account': {
        if (payload.termsOfServiceAgreed !== true) return problem(403, 'userActionRequired')
        const thumbprint = thumbprintOf(key)
        const location = `${base}/account/${thumbprint}`
        const status = accounts.has(location) ? 200 : 201
        accounts.set(location, { key, thumbprint })
        return answer(status, { status: 'valid', contact: payload.contact ?? [] }, { Location: location })
      }
      case '/order':
        order.count++
        if (refusals.count-- > 0) return problem(403, refusals.type)
        Object.assign(order, { status: 'pending', challenge: 'pending', certificate: '' })
        order.name = payload.identifiers[0].value
        order.token = randomBytes(16).toString('base64url')
        return answer(201, orderOf(), { Location: `${base}/order/1` })
      case '/order/1':
        return answer(200, orderOf())
      case '/authorization':
        return answer(200, {
          status: order.challenge,
          identifier: { type: 'dns', value: order.name },
          challenges: [{ ...challengeOf(), type: 'dns-01' }, challengeOf()],
        })
      case '/challenge': {
        while (state.challengePort === 0) await setImmediate()
        const expected = `${order.token}.${accounts.get(kid)?.thumbprint}`
        const shown = await read(
          state.challengePort,
          `/.well-known/acme-challenge/${order.token}`,
          order.name,
        )
        order.challenge = shown === expected ? 'valid' : 'invalid'
        order.status = shown === expected ? 'ready' : 'invalid'
        return answer(200, challengeOf())
      }
      case '/finalize': {
        if (order.status !== 'ready') return problem(403, 'orderNotReady')
        const publicKey = keyOfRequest(fromBase64url(payload.csr))
        const from = now() - 60_000
        const { cert } = makeCertificate({
          name: state.wrongName ?? order.name,
          from,
          to: from + state.lifetimeMs,
          publicKey,
        })
        order.certificate = `${base}/certificate/${order.count}`
        order.status = 'valid'
        certificates.set(`/certificate/${order.count}`, cert)
        return answer(200, orderOf(), { Location: `${base}/order/1` })
      }
      default: {
        // Told again by whoever has it already (7.3.2).
        if (accounts.has(base + path)) return answer(200, { status: 'valid', contact: payload.contact ?? [] })
        const cert = certificates.get(path)
        return cert === undefined ? problem(404, 'malformed') : { status: 200, body: cert, headers: {} }
      }
    }
  }

  async function serve(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = asked.url ?? ''
    let body = ''
    for await (const chunk of asked) body += chunk
    const nonce = randomBytes(16).toString('base64url')
    nonces.add(nonce)
    const opened = asked.method === 'POST' ? open(body, path) : 'malformed'
    const found =
      path === '/directory'
        ? answer(200, {
            newNonce: `${base}/nonce`,
            newAccount: `${base}/account`,
            newOrder: `${base}/order`,
          })
        : path === '/nonce'
          ? answer(200, {})
          : typeof opened === 'string'
            ? problem(400, opened)
            : await act(path, opened)
    response.writeHead(found.status, {
      'Content-Type': 'application/json',
      'Replay-Nonce': nonce,
      ...found.headers,
    })
    response.end(found.body)
  }

  const server = createServer((asked, response) => void serve(asked, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return state
}

const fromBase64url = (text: string): Buffer => Buffer.from(text, 'base64url')

interface Reply {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

const answer = (status: number, value: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  body: JSON.stringify(value),
  headers,
})

const problem = (status: number, type: string): Reply =>
  answer(status, { type: `urn:ietf:params:acme:error:${type}`, detail: `refused: ${type}`, status })

/** RFC 7638. */
function thumbprintOf(key: KeyObject): string {
  const { crv, kty, x, y } = key.export({ format: 'jwk' })
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
}

async function read(port: number, path: string, host: string): Promise<string> {
  const asked = request({ host: '127.0.0.1', port, path, headers: { host }, agent: false })
  asked.end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response) text += chunk
  return text
}

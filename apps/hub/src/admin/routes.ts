/**
 * Everything below `/admin/`: a request becomes an operation, its result an answer.
 *
 *     POST /admin/GROUP/VERB ─gate▶ body ─operation▶ 200 value │ 4xx {error, message}
 *     POST /admin/session {token} ─▶ cookie        POST /admin/session/end        GET /admin/  what this is
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Log } from '@effigy/sync'
import { text } from '../config/kinds.ts'
import type { Answer } from '../http/answer.ts'
import type { Asked } from '../http/asked.ts'
import { adminPath } from '../http/routes.ts'
import { adminJson } from './answers.ts'
import { readInput, required } from './fields.ts'
import { cookieName, type Gate } from './gate.ts'
import { type AdminFault, changes, type Operation, pathOf } from './operation.ts'
import { type AdminSessions, sessionMs } from './sessions.ts'

/** Bytes of a body; the longest input is a report's note. */
export const maxInputBytes: number = 16 * 1024

/** Of a body before anybody has shown who they are. */
const maxTokenBytes = 256

const sessionPath = `${adminPath}session`
const endPath = `${adminPath}session/end`

const statuses: Readonly<Record<AdminFault['code'] | 'bad-input', number>> = {
  'bad-input': 400,
  'not-found': 404,
  'not-possible': 409,
  refused: 409,
  'too-many': 429,
  busy: 503,
  'storage-failed': 503,
}

export interface AdminRouteDeps<Ports> {
  readonly operations: readonly Operation<Ports>[]
  readonly ports: Ports
  readonly gate: Gate
  readonly sessions: AdminSessions
  readonly log: Log
  /** What a person sees who opens a link. */
  readonly page: (asked: Asked) => Answer
}

const tokenFields = { token: required(text(1, 128), 'the part of a one-time link behind #') }

export function createAdminRoutes<Ports>(deps: AdminRouteDeps<Ports>): (asked: Asked) => Promise<Answer> {
  const { ports, gate, sessions, log } = deps
  const operations = new Map(deps.operations.map((one) => [pathOf(one), one]))

  async function act(asked: Asked, operation: Operation<Ports>): Promise<Answer> {
    const asker = await gate.check(asked)
    if (!asker.ok) return asker.error
    const input = await asked.readJson(maxInputBytes)
    if (!input.ok) return bodyFault(input.error)
    const done = await operation.run(input.value, ports, asker.value)
    if (done.ok) {
      // To whom is the operator's business; that something was done is told.
      if (changes(operation)) log.info('admin.done', { operation: operation.name, by: asker.value.type })
      return adminJson(200, done.value)
    }
    const { code, message } = done.error
    const field = done.error.code === 'bad-input' ? { field: done.error.field } : {}
    return adminJson(statuses[code], { error: code, message, ...field })
  }

  async function openSession(asked: Asked): Promise<Answer> {
    const input = await asked.readJson(maxTokenBytes)
    if (!input.ok) return bodyFault(input.error)
    const read = readInput(tokenFields, input.value)
    // Of no form at all is as wrong as any other.
    const secret = await gate.exchange(asked, read.ok ? read.value.token : '')
    if (!secret.ok) return secret.error
    log.info('admin.session-opened', {})
    return adminJson(200, { lastsMs: sessionMs }, { 'Set-Cookie': cookie(asked, secret.value, sessionMs) })
  }

  async function endSession(asked: Asked): Promise<Answer> {
    const asker = await gate.check(asked)
    if (!asker.ok) return asker.error
    const secret = gate.cookieOf(asked)
    if (secret !== null) await sessions.end(secret)
    return adminJson(200, {}, { 'Set-Cookie': cookie(asked, '', 0) })
  }

  return async (asked) => {
    const [path = ''] = asked.target.split('?', 1)
    if (path === adminPath && (asked.method === 'GET' || asked.method === 'HEAD')) return deps.page(asked)
    const refusal = gate.refusal(asked)
    if (refusal !== null) return refusal
    if (asked.method !== 'POST') {
      return adminJson(
        405,
        { error: 'not-allowed', message: 'POST alone is answered here.' },
        { Allow: 'POST' },
      )
    }
    try {
      if (path === sessionPath) return await openSession(asked)
      if (path === endPath) return await endSession(asked)
      const operation = operations.get(path)
      if (operation !== undefined) return await act(asked, operation)
      // What there is, is told to whoever may use it.
      const asker = await gate.check(asked)
      if (!asker.ok) return asker.error
      return adminJson(404, { error: 'unknown-operation', message: 'There is no such operation.' })
    } catch (error) {
      if (!(error instanceof EffigyError)) throw error
      log.warn('admin.failed', { code: error.code })
      return adminJson(503, {
        error: 'storage-failed',
        message: `It could not be done (${error.code}). Look at the disk and at the log of the hub.`,
      })
    }
  }
}

function bodyFault({ status, code }: { readonly status: number; readonly code: string }): Answer {
  return adminJson(status, { error: code, message: messages[code] ?? 'The body cannot be read.' })
}

const messages: Readonly<Record<string, string>> = {
  'not-json': 'The body is no JSON.',
  'too-slow': 'The body did not come in time.',
  'length-needed': 'Content-Length is needed; a body in chunks is not read.',
  'too-large': `The body has more than ${maxInputBytes} bytes.`,
  'json-needed': 'Content-Type: application/json is needed.',
}

function cookie({ isSecure }: Asked, value: string, ms: number): string {
  const attributes = [
    `${cookieName}=${value}`,
    `Path=${adminPath}`,
    `Max-Age=${ms / 1000}`,
    'HttpOnly',
    'SameSite=Strict',
  ]
  return [...attributes, ...(isSecure ? ['Secure'] : [])].join('; ')
}

/**
 * What a hub answers over HTTP. Everything but `/admin/` is read-only and public.
 *
 *     /  the web app, and all addresses inside it     /hub  its own page     /healthz  alive     /readyz  can work     /.well-known/effigy  who, where, limits
 *     /i/  page of an invite     /.well-known/effigy/alias?name=  whom a name means
 *     /.well-known/effigy/note?of=&content=  a public note for who has no account     …/file?of=&content=&file=  what it shows
 *     /metrics  how much, how often
 *     /admin/…  with a key or a session (admin/)
 *
 * @module
 */
import type { IncomingHttpHeaders } from 'node:http'
import { EffigyError } from '@effigy/core'
import { invitePath } from '@effigy/peer'
import { socketPath } from '../address.ts'
import type { ServedApp } from '../app/served-app.ts'
import { metricsType } from '../operating/metrics.ts'
import { type InvitePageContents, invitePage, inviteScriptHash } from '../page/invite-page.ts'
import { chooseLanguage } from '../page/language.ts'
import { homePage, messagePage, type PageServices } from '../page/page.ts'
import { languages, strings } from '../page/strings.ts'
import { icon } from '../page/style.ts'
import type { Readiness } from '../readiness.ts'
import { filePath, notePath } from '../reading/reading.ts'
import type { HubState } from '../state.ts'
import { type Answer, json, page, svg } from './answer.ts'
import type { Asked } from './asked.ts'

export interface RouteSources {
  readonly name: string
  readonly version: string
  /** Throws as the store does. */
  readonly state: () => HubState
  readonly readiness: () => Readiness
  /** For whoever reached the hub under these headers. */
  readonly address: (headers: IncomingHttpHeaders) => string
  readonly localOnly: boolean
  /** Whether whoever asks got here over plain http from another machine. */
  readonly isPlain: (headers: IncomingHttpHeaders) => boolean
  readonly services: PageServices
  /** The document of `/.well-known/effigy`, for the same. */
  readonly description: (headers: IncomingHttpHeaders) => unknown
  readonly invitePage: Omit<InvitePageContents, 'language'>
  /** Null: it serves none, and its own page stands at `/`. */
  readonly app: ServedApp | null
  /** Null: the hub gives no names. */
  readonly alias: (asked: Asked) => Promise<Answer> | null
  /** Null: nothing that is read without an account was asked for, or the hub gives none. */
  readonly reading: (asked: Asked) => Promise<Answer> | null
  /** For Prometheus; null: there is nothing for whoever asks. */
  readonly metrics: (asked: Asked) => Promise<string> | null
  /** All below `adminPath`; null: there is nothing. */
  readonly admin: ((asked: Asked) => Promise<Answer>) | null
}

/** Here alone a request may have a body and change something. */
export const adminPath = '/admin/'

/** The hub's own page; where it serves no app, also `/`. */
export const hubPath = '/hub'

const metricsPath = '/metrics'
const aliasPath = '/.well-known/effigy/alias'

const paths: ReadonlySet<string> = new Set([
  '/',
  hubPath,
  '/icon.svg',
  '/healthz',
  '/readyz',
  '/.well-known/effigy',
  invitePath,
  socketPath,
])

/** Those whose answer takes work that may fail. */
const begunPaths: ReadonlySet<string> = new Set([metricsPath, aliasPath, notePath, filePath])

export function answer(sources: RouteSources, asked: Asked): Answer | Promise<Answer> {
  const { method, target, headers } = asked
  const language = chooseLanguage(headers['accept-language'], languages)
  const words = strings[language]
  const message = (status: number, title: string, text: string): Answer =>
    page(status, language, messagePage(language, sources.name, title, text))

  const path = target.split('?', 1)[0] ?? ''
  if (path.startsWith(adminPath) && sources.admin !== null) return sources.admin(asked)
  const isReader = method === 'GET' || method === 'HEAD'
  // Begun for nobody else: a promise that is not waited for fails with nobody to hear it, and ends the process.
  const metrics = isReader && path === metricsPath ? sources.metrics(asked) : null
  const alias = isReader && path === aliasPath ? sources.alias(asked) : null
  const reading = isReader ? sources.reading(asked) : null
  // Over plain http a browser gives no keys and no storage: the hub's own page says so.
  const app = sources.app === null || sources.isPlain(headers) ? null : sources.app
  const isBegun = metrics !== null || alias !== null || reading !== null
  const isFound = paths.has(path) || isBegun || (!isReader && begunPaths.has(path))
  const file = isFound ? null : (app?.file(path, headers) ?? null)
  const isInside = app !== null && (path === '/' || (!isFound && file === null && wantsPage(asked)))
  if (!isFound && file === null && !isInside) return message(404, words.notFoundTitle, words.notFound)
  if (!isReader) {
    const refused = message(405, words.notAllowedTitle, words.notAllowed)
    return { ...refused, headers: { ...refused.headers, Allow: 'GET, HEAD' } }
  }
  if (file !== null) return file
  if (isInside) return app.page(headers)
  if (alias !== null) return alias
  if (reading !== null) return reading
  if (metrics !== null) return metrics.then((text) => ({ status: 200, type: metricsType, body: text }))
  switch (path) {
    case '/icon.svg':
      return svg(icon)
    case '/healthz':
      return json(200, { alive: true })
    case '/readyz': {
      const readiness = sources.readiness()
      return json(readiness.ready ? 200 : 503, readiness)
    }
    case '/.well-known/effigy':
      return json(200, sources.description(headers))
    case invitePath:
      return page(200, language, invitePage({ language, ...sources.invitePage }), inviteScriptHash)
    case socketPath: {
      const refused = json(426, { error: 'upgrade-required', protocol: 'websocket' })
      return { ...refused, headers: { ...refused.headers, Upgrade: 'websocket', Connection: 'Upgrade' } }
    }
    default:
      return homeAnswer()
  }

  function homeAnswer(): Answer {
    let state: HubState
    try {
      state = sources.state()
    } catch (error) {
      if (error instanceof EffigyError) return message(503, words.notReadyTitle, words.notReady)
      throw error
    }
    const { name, version, localOnly, services } = sources
    const address = sources.address(headers)
    const isPlain = sources.isPlain(headers)
    const contents = { language, name, address, state, version, localOnly, isPlain, services }
    return page(
      200,
      language,
      homePage({ ...contents, about: sources.invitePage, appUrl: sources.invitePage.appUrl }),
    )
  }
}

/** Whether a person opens this address in a browser: then it may be one inside the app. */
function wantsPage({ method, headers }: Asked): boolean {
  return (method === 'GET' || method === 'HEAD') && String(headers.accept ?? '').includes('text/html')
}

/**
 * The web app that this hub serves: files of one folder, read once, under a policy that runs nothing else (T9, T23).
 *
 *     folder ─openApp▶ files by path, each plain, gzip and Brotli ─▶ WholeAnswer
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { extname, join } from 'node:path'
import { EffigyError } from '@effigy/core'
import type { Log } from '@effigy/sync'
import type { WholeAnswer } from '../http/answer.ts'
import { chooseLanguage } from '../page/language.ts'

export interface ServedApp {
  /** Null: no file of the app stands at this path. */
  file(path: string, headers: IncomingHttpHeaders): WholeAnswer | null
  /** The app itself, for every address inside it. */
  page(headers: IncomingHttpHeaders): WholeAnswer
}

interface Contents {
  readonly plain: Uint8Array
  /** As the build left them beside the file; null: it is not smaller. */
  readonly br: Uint8Array | null
  readonly gzip: Uint8Array | null
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
  readonly tag: string
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
}

/** In English; beside it those in other languages. */
const manifestPath = '/manifest.webmanifest'

/** Of page and workers alike: only this origin's own scripts run, and they talk to hubs and nobody else. */
const runs = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  // Mantine writes variables of its theme into <style>.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob:",
  'media-src blob:',
  "worker-src 'self'",
  "manifest-src 'self'",
  // Hubs are anywhere, on one's own network without TLS; names of people are looked up at theirs by https.
  "connect-src 'self' https: wss: ws:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
]
const workerPolicy = runs.join('; ')
const pagePolicy = [...runs, "require-trusted-types-for 'script'", 'trusted-types default'].join('; ')

const permissions = 'camera=(self), microphone=(self), geolocation=()'

/** Bytes of all files: what is larger is no app. */
const maxBytes = 64 * 1024 * 1024

/**
 * What a hub serves by its setting: `off` is none, null the one at `built` where there is one. Throws as `openApp` where a
 * folder was named.
 */
export function appOf(setting: string | null, built: string, log: Log): ServedApp | null {
  if (setting === 'off') return null
  if (setting === null && !isBuilt(built)) {
    // The hub runs well without, and whoever set it up may not notice that its administration has no pages.
    log.warn('app.not-built', {})
    return null
  }
  return openApp(setting ?? built)
}

const isBuilt = (folder: string): boolean => existsSync(join(folder, 'index.html'))

/** Throws `EffigyError` 'app-missing' when no built app stands there. */
export function openApp(folder: string): ServedApp {
  if (!isBuilt(folder)) {
    throw new EffigyError(
      'app-missing',
      `There is no built web app in ${folder}. Build it, or say --app off.`,
    )
  }
  const files = new Map<string, Contents>()
  let bytes = 0
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = types[extname(name)]
    if (type === undefined) continue
    const path = `/${name.replaceAll('\\', '/')}`
    const plain = readFileSync(join(folder, name))
    bytes += plain.length
    if (bytes > maxBytes) throw new EffigyError('app-missing', `${folder} holds more than a web app.`)
    files.set(path, {
      plain,
      br: besides(join(folder, `${name}.br`)),
      gzip: besides(join(folder, `${name}.gz`)),
      type,
      headers: headersOf(path),
      tag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    })
  }

  const translated = languagesOf([...files.keys()])

  /** Systems show what the installed app offers in the language of the browser. */
  function pathFor(path: string, headers: IncomingHttpHeaders): string {
    if (path !== manifestPath) return path
    const language = chooseLanguage<string>(headers['accept-language'], ['en', ...translated])
    return language === 'en' ? path : `/manifest.${language}.webmanifest`
  }

  function answer(path: string, headers: IncomingHttpHeaders): WholeAnswer | null {
    const found = files.get(pathFor(path, headers))
    if (found === undefined) return null
    const { plain, br, gzip, type, tag } = found
    const vary = path === manifestPath ? 'Accept-Encoding, Accept-Language' : 'Accept-Encoding'
    const own = { ...found.headers, ETag: tag, Vary: vary }
    if (headers['if-none-match'] === tag) return { status: 304, type, body: '', headers: own }
    const accepted = String(headers['accept-encoding'] ?? '')
    if (br !== null && /\bbr\b/.test(accepted))
      return { status: 200, type, body: br, headers: { ...own, 'Content-Encoding': 'br' } }
    if (gzip !== null && /\bgzip\b/.test(accepted))
      return { status: 200, type, body: gzip, headers: { ...own, 'Content-Encoding': 'gzip' } }
    return { status: 200, type, body: plain, headers: own }
  }

  return {
    // By its own name too: so the service worker keeps the app, with its policy, for when there is no network.
    file: answer,
    page(headers) {
      const page = answer('/index.html', headers)
      if (page === null) throw new EffigyError('app-missing', 'The web app has no page.')
      return page
    },
  }
}

/** Of `/manifest.LANGUAGE.webmanifest`. */
function languagesOf(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => /^\/manifest\.([a-z]{2,3})\.webmanifest$/.exec(path)?.[1] ?? [])
}

function besides(path: string): Uint8Array | null {
  return existsSync(path) ? readFileSync(path) : null
}

function headersOf(path: string): Readonly<Record<string, string>> {
  const isPage = path === '/index.html'
  return {
    'Content-Security-Policy': isPage ? pagePolicy : workerPolicy,
    'Permissions-Policy': permissions,
    // Names of these hold a hash of their bytes.
    'Cache-Control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
}

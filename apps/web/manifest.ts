/**
 * How systems show the app once it is installed, and what they hand to it.
 *
 * @module
 */
import type { ManifestOptions } from 'vite-plugin-pwa'

const shortcutIcon = { src: '/app-icon-192.png', sizes: '192x192', type: 'image/png' }

/** What systems show of it: a shortcut by its whole name, and by one where there is little room. */
interface ManifestWords {
  readonly dir: 'ltr' | 'rtl'
  readonly description: string
  readonly post: readonly [string, string]
  readonly message: readonly [string, string]
  readonly invite: readonly [string, string]
}

const english: ManifestWords = {
  dir: 'ltr',
  description: 'Your words and pictures on your own devices, shared with your friends.',
  post: ['Write something', 'Write'],
  message: ['New message', 'Message'],
  invite: ['Invite a friend', 'Invite'],
}

/** `manifest.LANGUAGE.webmanifest`: a hub gives each browser that of its language in the place of the English one. */
const translations: Readonly<Record<string, ManifestWords>> = {
  de: {
    dir: 'ltr',
    description: 'Deine Worte und Bilder auf deinen eigenen Geräten, geteilt mit deinen Freunden.',
    post: ['Etwas schreiben', 'Schreiben'],
    message: ['Neue Nachricht', 'Nachricht'],
    invite: ['Jemanden einladen', 'Einladen'],
  },
  es: {
    dir: 'ltr',
    description: 'Tus palabras y tus fotos en tus propios dispositivos, compartidas con tus amigos.',
    post: ['Escribir algo', 'Escribir'],
    message: ['Mensaje nuevo', 'Mensaje'],
    invite: ['Invitar a alguien', 'Invitar'],
  },
  ar: {
    dir: 'rtl',
    description: 'كلماتك وصورك على أجهزتك أنت، تشاركها مع أصدقائك.',
    post: ['اكتب شيئًا', 'كتابة'],
    message: ['رسالة جديدة', 'رسالة'],
    invite: ['دعوة صديق', 'دعوة'],
  },
}

const base: Partial<ManifestOptions> = {
  id: '/',
  name: 'Effigy',
  short_name: 'Effigy',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  background_color: '#fffdf9',
  theme_color: '#fffdf9',
  categories: ['social'],
  // The service worker puts it by (`src/app/shared.ts`).
  share_target: {
    action: '/share',
    method: 'POST',
    enctype: 'multipart/form-data',
    params: {
      title: 'title',
      text: 'text',
      url: 'url',
      files: [{ name: 'files', accept: ['image/*', 'video/*', 'audio/*', 'application/pdf'] }],
    },
  },
  // Where each goes, `src/app/launched.ts` says by its name.
  file_handlers: [
    {
      action: '/',
      accept: {
        'image/jpeg': ['.jpg', '.jpeg'],
        'image/png': ['.png'],
        'image/webp': ['.webp'],
        'image/gif': ['.gif'],
        'image/avif': ['.avif'],
        // What Mastodon makes of an account.
        'application/zip': ['.zip'],
        'application/gzip': ['.gz', '.tgz'],
        // A backup, and a copy of everything.
        'application/octet-stream': ['.age', '.effigy'],
      },
    },
  ],
  // Behind the `#`: an invite in it is for nobody but this browser.
  protocol_handlers: [{ protocol: 'web+effigy', url: '/open#link=%s' }],
  icons: [
    { src: '/app-icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: '/app-icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: '/app-icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: '/app-icon.svg', sizes: 'any', type: 'image/svg+xml' },
  ],
}

function manifestIn(lang: string, { dir, description, post, message, invite }: ManifestWords) {
  const shortcut = ([name, short_name]: readonly [string, string], url: string) => ({
    ...{ name, short_name, url },
    icons: [shortcutIcon],
  })
  return {
    ...base,
    ...{ lang, dir, description },
    // What one does most, from the icon itself; systems show three or four.
    shortcuts: [shortcut(post, '/new'), shortcut(message, '/talks/new'), shortcut(invite, '/invite')],
  }
}

export const manifest: Partial<ManifestOptions> = manifestIn('en', english)

/** By their language. */
export const translatedManifests: ReadonlyMap<string, Partial<ManifestOptions>> = new Map(
  Object.entries(translations).map(([lang, words]) => [lang, manifestIn(lang, words)]),
)

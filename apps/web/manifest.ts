/**
 * How systems show the app once it is installed, and what they hand to it.
 *
 * @module
 */
import type { ManifestOptions } from 'vite-plugin-pwa'

const shortcutIcon = { src: '/app-icon-192.png', sizes: '192x192', type: 'image/png' }

export const manifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'Effigy',
  short_name: 'Effigy',
  description: 'Your words and pictures on your own devices, shared with your friends.',
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
  // What one does most, from the icon itself; systems show three or four, in English alone.
  shortcuts: [
    { name: 'Write something', short_name: 'Write', url: '/new', icons: [shortcutIcon] },
    { name: 'New message', short_name: 'Message', url: '/talks/new', icons: [shortcutIcon] },
    { name: 'Invite a friend', short_name: 'Invite', url: '/invite', icons: [shortcutIcon] },
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

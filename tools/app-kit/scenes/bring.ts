/** An archive that was chosen, before it is brought along. */
import { writeZip } from '../../../apps/web/src/screens/account/readable/zip.ts'
import { mastodonOutbox } from '../mastodon-outbox.ts'
import type { Scene } from '../scenes.ts'

async function* files() {
  const bytes = new TextEncoder().encode(JSON.stringify(mastodonOutbox()))
  yield { name: 'outbox.json', bytes: [bytes] }
}

export async function mastodonArchive(): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of writeZip(files(), 0)) parts.push(part)
  return Buffer.concat(parts)
}

export const bringScenes: Readonly<Record<string, Scene>> = {
  async bring(person) {
    await person.start('Ada')
    await person.go('/bring')
    const file = { name: 'archive.zip', mimeType: 'application/zip', buffer: await mastodonArchive() }
    await person.page.locator('input[type="file"]').setInputFiles(file)
    await person.page.locator('select').first().waitFor()
  },
}

/**
 * Pictures of scenes of the app, for whoever builds it: a phone and a desktop, light and dark.
 *
 *     node tools/app-kit/look.ts [--out FOLDER] [--lang ar] [--only phone-dark] SCENE…
 *
 * @module
 */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type AppPerson, openBrowsers } from './person.ts'
import { scenes } from './scenes.ts'
import { settled } from './settled.ts'
import { openAppWorld } from './world.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: join(tmpdir(), 'effigy-look') },
    lang: { type: 'string', default: 'en' },
    only: { type: 'string' },
  },
})

const views = [
  { name: 'phone-light', width: 390, height: 844, scheme: 'light' },
  { name: 'phone-dark', width: 390, height: 844, scheme: 'dark' },
  { name: 'desk-light', width: 1280, height: 900, scheme: 'light' },
  { name: 'desk-dark', width: 1280, height: 900, scheme: 'dark' },
] as const

mkdirSync(values.out, { recursive: true })
const wanted = positionals.length === 0 ? Object.keys(scenes) : positionals
await using browsers = await openBrowsers()
for (const name of wanted) {
  const scene = scenes[name]
  if (scene === undefined) throw new Error(`no scene ${name}; there are ${Object.keys(scenes).join(', ')}`)
  await using world = await openAppWorld()
  // One person; what changes is how they look at it.
  const person = await browsers.arrive(world, { language: values.lang })
  await scene(person, world, browsers)
  for (const view of views.filter((one) => values.only === undefined || one.name === values.only)) {
    await look(person, view, join(values.out, `${name}-${values.lang}-${view.name}.png`))
  }
  for (const line of person.trouble) console.error(`${name}: ${line}`)
  for (const line of await person.axe()) console.error(`${name}: ${line}`)
  await person.context.close()
}
console.log(values.out)

async function look({ page }: AppPerson, view: (typeof views)[number], file: string): Promise<void> {
  await page.setViewportSize({ width: view.width, height: view.height })
  await page.emulateMedia({ colorScheme: view.scheme, reducedMotion: 'reduce' })
  await settled(page)
  await page.screenshot({ path: file })
}

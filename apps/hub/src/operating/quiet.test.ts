import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { saveWhenQuiet } from './quiet.ts'

const log = { info() {} }

test('memory is saved after half a minute of little to do, and time while much is', async () => {
  const clock = createFakeClock()
  const told: boolean[] = []
  const lines: unknown[] = []
  let part = 0.9
  const saving = saveWhenQuiet({
    clock,
    log: { info: (event, fields) => lines.push([event, fields]) },
    save: (isSaving) => told.push(isSaving),
    busy: () => part,
  })
  await clock.advance(60_000)
  expect(told).toEqual([])
  part = 0.1
  await clock.advance(29_999)
  expect(told).toEqual([])
  await clock.advance(1)
  expect(told).toEqual([true])
  part = 0.4
  await clock.advance(20_000)
  expect(told).toEqual([true])
  part = 0.6
  await clock.advance(20_000)
  part = 0.4
  await clock.advance(60_000)
  expect(told).toEqual([true, false])
  part = 0
  await clock.advance(30_000)
  saving[Symbol.dispose]()
  expect(told).toEqual([true, false, true, false])
  expect(lines).toEqual(told.map((on) => ['memory.saving', { on }]))
  expect(clock.pending()).toBe(0)
})

test('who works now and then is left alone', async () => {
  const clock = createFakeClock()
  const told: boolean[] = []
  let looks = 0
  const busy = (): number => (++looks % 6 === 0 ? 0.3 : 0)
  using _saving = saveWhenQuiet({ clock, log, save: (isSaving) => told.push(isSaving), busy })
  await clock.advance(10 * 60_000)
  expect(looks).toBe(120)
  expect(told).toEqual([])
})

test('the loop of this process tells how busy it is', async () => {
  const clock = createFakeClock()
  const told: boolean[] = []
  using _saving = saveWhenQuiet({ clock, log, save: (isSaving) => told.push(isSaving) })
  for (let look = 0; look < 12; look++) {
    const until = performance.now() + 20
    while (performance.now() < until);
    await clock.advance(5_000)
  }
  expect(told).toEqual([])
})

/** Works in all kinds of memory, and says at the end what it was told and whether all that it kept is as it was. */
const program = `
const { saveWhenQuiet } = await import(process.argv[1])
const due = []
const clock = { after: (ms, run) => (due.push(run), { [Symbol.dispose]() {} }) }
const told = []
let part = 0
const saving = saveWhenQuiet({ clock, log: { info: (_event, { on }) => told.push(on) }, busy: () => part })
const kept = []
for (let round = 0; round < 20; round++) {
  part = round % 2
  for (let look = 0; look < 6; look++) due.shift()()
  for (let index = 0; index < 50_000; index++) {
    kept[index] = { round, index, text: 'note ' + index, bytes: index % 100 === 0 ? new Uint8Array(1_000).fill(round) : null }
  }
  await new Promise((resolve) => setImmediate(resolve))
}
saving[Symbol.dispose]()
const isWhole = kept.every(({ round, index, text, bytes }, at) =>
  round === 19 && index === at && text === 'note ' + at && (bytes === null || bytes.every((byte) => byte === 19)))
console.log(JSON.stringify({ told, isWhole }))
`

test('V8 takes the switch, twenty times in a program that works, and that program ends well', async () => {
  const module = new URL('quiet.ts', import.meta.url).href
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, module])
  const [said, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  expect([code, complaints]).toEqual([0, ''])
  const told = Array.from({ length: 20 }, (_, index) => index % 2 === 0)
  expect(JSON.parse(said)).toEqual({ told, isWhole: true })
})

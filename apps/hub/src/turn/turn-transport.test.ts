import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeStun, methods } from './stun-message.ts'
import { frameStream } from './turn-transport.ts'

const message = encodeStun(
  { method: methods.binding, class: 'request', transaction: new Uint8Array(12), attributes: [] },
  null,
)
/** Of a channel, with its padding. */
const data = Uint8Array.of(0x40, 0, 0, 3, 7, 7, 7, 0)

async function frames(chunks: readonly Uint8Array[]): Promise<readonly string[]> {
  const stream = new PassThrough()
  const found: string[] = []
  frameStream(stream, (frame) => found.push(Buffer.from(frame).toString('hex')))
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  await new Promise((resolve) => stream.once('close', resolve))
  return found
}

test('messages are the same, however the stream was cut', async () => {
  const whole = Buffer.concat([message, data, message])
  const expected = [message, data, message].map((part) => Buffer.from(part).toString('hex'))
  expect(await frames([whole])).toEqual(expected)
  expect(await frames(Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual(expected)
  for (let length = 0; length < message.length; length++) {
    expect(await frames([message.subarray(0, length)])).toEqual([])
  }
})

test('one that says to be too long ends the stream, and any bytes are taken or not', async () => {
  const stream = new PassThrough()
  frameStream(stream, () => {})
  stream.write(Uint8Array.of(0, 1, 0xff, 0xff))
  await expect.poll(() => stream.destroyed).toBe(true)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), async (chunks) => {
      const taken = await frames(chunks)
      expect(taken.join('').length / 2).toBeLessThanOrEqual(
        chunks.reduce((sum, { length }) => sum + length, 0),
      )
    }),
    { numRuns: 50 },
  )
})

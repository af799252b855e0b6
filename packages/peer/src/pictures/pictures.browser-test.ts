/// <reference types="vite/types/importMeta.d.ts" />
/**
 * Pictures through the worker that ships, and through the same code with a decoder that counts.
 *
 * @module
 */
import { EffigyError, imageVerdict, inspectImage } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import {
  halves,
  movingGif,
  photograph,
  pictureBomb,
  pixelAt,
  vectorPicture,
  webpWithExif,
  withExif,
} from '../../test/sample-pictures.ts'
import { makePicture } from './make-picture.ts'
import { type PictureOptions, type PreparedPicture, pictureSettings } from './picture.ts'
import { createPictureQueue, preparePicture } from './pictures.ts'
import { thumbhashPixels } from './thumbhash.ts'
import { browserTools } from './tools.ts'

const never = new AbortController().signal

/** What the worker does, in the page of the test: a worker takes half a second to start from sources. */
async function made(source: Blob, options: PictureOptions = {}): Promise<PreparedPicture> {
  const picture = await makePicture(source, pictureSettings(options)!)
  if (!picture.ok) throw new EffigyError(picture.error.code, picture.error.message)
  return picture.value
}
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer())
const settings = pictureSettings({})!

const isRed = ([r, g, b]: readonly number[]) => r! > 200 && g! < 60 && b! < 60
const isBlue = ([r, g, b]: readonly number[]) => r! < 60 && g! < 60 && b! > 200

/** Everything that comes out passes the gate of whoever receives it, and is as large as it says. */
async function expectClean(picture: PreparedPicture): Promise<void> {
  for (const { blob, width, height } of [picture, ...picture.thumbnails]) {
    const bytes = await bytesOf(blob)
    expect(imageVerdict(bytes)).toBe('clean')
    expect(inspectImage(bytes)).toMatchObject({ value: { width, height, orientation: 1, metadata: [] } })
  }
}

describe('a picture for publishing', () => {
  test('[I21] [I22] [T12] place, maker and the way up are gone, and it stands upright', async () => {
    const source = await withExif(await halves(64, 48, 'image/jpeg'), 6)
    const picture = await preparePicture(source, { signal: never })
    expect(picture).toMatchObject({ width: 48, height: 64, removed: ['exif', 'location'], animated: false })
    expect(picture.blob.type).toBe('image/jpeg')
    await expectClean(picture)
    // A quarter to the right: what was left is above.
    expect(isRed(await pixelAt(picture.blob, 24, 4))).toBe(true)
    expect(isBlue(await pixelAt(picture.blob, 24, 60))).toBe(true)
    const text = new TextDecoder('latin1').decode(await bytesOf(picture.blob))
    expect(text).not.toMatch(/Exif|Effigy Camera/)
  })

  test.for([1, 2, 3, 4, 5, 6, 7, 8])('[I21] orientation %i is taken into the pixels', async (orientation) => {
    const picture = await made(await withExif(await halves(64, 32, 'image/jpeg'), orientation))
    const turned = orientation >= 5
    expect([picture.width, picture.height]).toEqual(turned ? [32, 64] : [64, 32])
    const first = await pixelAt(picture.blob, 4, 4)
    expect([1, 4, 5, 6].includes(orientation) ? isRed(first) : isBlue(first)).toBe(true)
    await expectClean(picture)
  })

  test.for([2, 3, 4, 5, 6, 7, 8])(
    '[I21] a WebP of orientation %i, which Chromium does not turn',
    async (orientation) => {
      const source = await webpWithExif(await halves(64, 32, 'image/webp'), orientation)
      expect(inspectImage(await bytesOf(source))).toMatchObject({ value: { orientation } })
      const jpeg = await made(await withExif(await halves(64, 32, 'image/jpeg'), orientation))
      const picture = await made(source)
      expect([picture.width, picture.height]).toEqual([jpeg.width, jpeg.height])
      for (const [x, y] of [
        [2, 2],
        [picture.width - 2, 2],
        [2, picture.height - 2],
      ] as const) {
        expect(isRed(await pixelAt(picture.blob, x, y))).toBe(isRed(await pixelAt(jpeg.blob, x, y)))
      }
      await expectClean(picture)
    },
  )

  test('[I23] scaled to the longest side, with smaller ones and a thumbhash', async () => {
    const picture = await made(await photograph(900, 600, 'image/jpeg'), {
      maxSide: 600,
      thumbnails: [100, 300, 600, 100],
    })
    expect([picture.width, picture.height]).toEqual([600, 400])
    expect(picture.thumbnails.map(({ width, height }) => [width, height])).toEqual([
      [300, 200],
      [100, 67],
    ])
    await expectClean(picture)
    const shown = thumbhashPixels(picture.thumbhash)!
    expect(shown.width).toBe(32)
    expect(shown.rgba.length).toBe(shown.width * shown.height * 4)
  })

  test('[I23] never scaled up', async () => {
    const picture = await made(await photograph(40, 20, 'image/png'))
    expect(picture).toMatchObject({ width: 40, height: 20, thumbnails: [] })
  })

  test('[I23] the format is chosen by what is in it', async () => {
    const typeOf = async (source: Promise<Blob>) => (await made(await source)).blob.type
    expect(await typeOf(halves(200, 100, 'image/png'))).toBe('image/png')
    expect(await typeOf(photograph(200, 100, 'image/png'))).toBe('image/jpeg')
    expect(await typeOf(photograph(200, 100, 'image/png', true))).toBe('image/webp')
    expect(await typeOf(photograph(200, 100, 'image/webp', true))).toBe('image/webp')
  })

  test('[I23] one transparent pixel in a large picture is seen, and white in a JPEG', async () => {
    const source = await photograph(1200, 1000, 'image/png', true)
    const webp = await made(source)
    expect((await pixelAt(webp.blob, 0, 0))[3]).toBe(0)
    const jpeg = await made(source, { format: 'jpeg' })
    expect(jpeg.blob.type).toBe('image/jpeg')
    expect((await pixelAt(jpeg.blob, 0, 0)).slice(0, 3).every((value) => value > 120)).toBe(true)
  })

  test.for([
    ['GIF', movingGif()],
    ['PNG', vectorPicture('png: animation')],
  ] as const)('[I24] a moving picture moves on, without what it told: %s', async ([, source]) => {
    const moving = await made(new Blob([source, 'secret']))
    expect(moving).toMatchObject({ animated: true, removed: ['trailer'] })
    expect(await bytesOf(moving.blob)).toEqual(await bytesOf(source))
    const still = await made(source, { animation: 'still' })
    expect(still).toMatchObject({ animated: false, width: moving.width })
    expect(inspectImage(await bytesOf(still.blob))).toMatchObject({ value: { animated: false } })
  })
})

/** Empty where the public vectors are not present beside the repository. */
const photographs: Record<string, unknown> = import.meta.glob(
  '../../../../../shared/vectors/exif-samples/*.jpg',
  {
    eager: true,
    import: 'default',
    query: '?url',
  },
)

const hasPhotographs = Object.keys(photographs).length > 0

test.skipIf(!hasPhotographs)(
  '[I22] [T12] nothing is left in real photographs of ../shared/vectors',
  async () => {
    for (const [name, url] of Object.entries(photographs)) {
      const source = await (await fetch(String(url))).blob()
      if (!inspectImage(await bytesOf(source)).ok) {
        await expect(made(source)).rejects.toMatchObject({ code: 'image-damaged' })
        continue
      }
      const picture = await made(source, { maxSide: 256, thumbnails: [] })
      await expectClean(picture)
      if (name.includes('landscape')) expect(picture.width).toBeGreaterThan(picture.height)
    }
  },
)

describe('what is refused', () => {
  const decodes: Blob[] = []
  const counting = {
    ...browserTools,
    decode(picture: Blob) {
      decodes.push(picture)
      return browserTools.decode(picture)
    },
  }

  test.for([
    'png: 20,000 by 20,000, header only',
    'png: over 40 million pixels',
    'jpeg: header only, 20,000 wide',
    'webp: canvas of 16 million a side',
    'gif: 60,000 by 60,000',
    'avif: 20,000 by 20,000',
  ])('[I20] [T11] a bomb is refused by its header, undecoded: %s', async (name) => {
    decodes.length = 0
    const refusal = await makePicture(vectorPicture(name), settings, counting)
    expect(refusal).toMatchObject({ ok: false, error: { code: 'image-too-large' } })
    expect(decodes).toEqual([])
  })

  test('[I20] [T11] a whole bomb, 20,000 by 20,000 in 50 KB, through the worker', async () => {
    const bomb = await pictureBomb(20_000)
    expect(bomb.size).toBeLessThan(100_000)
    const refused = preparePicture(bomb, { signal: never })
    await expect(refused).rejects.toMatchObject({ code: 'image-too-large' })
  })

  test('[I20] [T11] a file of many bytes is not read', async () => {
    let read = false
    const huge = {
      size: 64 * 1024 * 1024 + 1,
      async arrayBuffer() {
        read = true
      },
    }
    const refusal = await makePicture(huge as unknown as Blob, settings, counting)
    expect(refusal).toMatchObject({ ok: false, error: { code: 'image-too-large' } })
    expect(read).toBe(false)
  })

  test('[I20] cut off anywhere, nothing is decoded', async () => {
    decodes.length = 0
    for (const type of ['image/jpeg', 'image/png', 'image/webp']) {
      const bytes = await bytesOf(await photograph(32, 32, type))
      for (const part of [0, 0.01, 0.2, 0.5, 0.9, 0.999]) {
        const cut = await makePicture(new Blob([bytes.subarray(0, bytes.length * part)]), settings, counting)
        expect(cut.ok).toBe(false)
      }
    }
    expect(decodes).toEqual([])
  })

  test('[I1] a type is what the first bytes say: a lie is passed over, a script is no picture', async () => {
    const jpeg = await photograph(40, 40, 'image/jpeg')
    expect((await made(new Blob([jpeg], { type: 'image/svg+xml' }))).blob.type).toBe('image/jpeg')
    const svg = new Blob(['<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'], {
      type: 'image/png',
    })
    await expect(made(svg)).rejects.toMatchObject({ code: 'not-an-image' })
  })

  test('[I20] what breaks the decoder, or comes out otherwise than the header says', async () => {
    const png = await bytesOf(await photograph(32, 32, 'image/png'))
    const heic = await makePicture(vectorPicture('heic: plain'), settings)
    expect(heic).toMatchObject({ ok: false, error: { code: 'image-undecodable' } })
    const other = await createImageBitmap(new ImageData(31, 32))
    const lying = { ...browserTools, decode: async () => other }
    const refusal = await makePicture(new Blob([png]), settings, lying)
    expect(refusal).toMatchObject({ ok: false, error: { code: 'image-damaged' } })
  })

  test('[I20] a file that went since it was chosen', async () => {
    const gone = { size: 10, arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) }
    const refusal = await makePicture(gone as unknown as Blob, settings)
    expect(refusal).toMatchObject({ ok: false, error: { code: 'image-unreadable' } })
  })

  test('[I22] a browser that alters what is drawn spoils no picture', async () => {
    const altering = {
      ...browserTools,
      canvas(width: number, height: number) {
        const canvas = new OffscreenCanvas(width, height)
        const context = canvas.getContext('2d')!
        const read = context.getImageData.bind(context)
        context.getImageData = (...place: Parameters<typeof read>) => {
          const image = read(...place)
          image.data[0]! ^= 1
          return image
        }
        return canvas
      },
    }
    const refusal = await makePicture(await photograph(32, 32, 'image/png'), settings, altering)
    expect(refusal).toMatchObject({ ok: false, error: { code: 'canvas-altered' } })
  })

  test('[I22] what a browser writes is judged as what strangers send', async () => {
    const writing = (written: Blob) => ({
      ...browserTools,
      canvas(width: number, height: number) {
        const canvas = new OffscreenCanvas(width, height)
        canvas.convertToBlob = async () => written
        return canvas
      },
    })
    const source = await photograph(48, 64, 'image/jpeg')
    const code = async (written: Blob) => await makePicture(source, settings, writing(written))
    expect(await code(new Blob(['nothing']))).toMatchObject({ error: { code: 'image-unclean' } })
    expect(await code(await halves(47, 64, 'image/jpeg'))).toMatchObject({ error: { code: 'image-unclean' } })
    expect(await code(await withExif(await halves(48, 64, 'image/jpeg'), 3))).toMatchObject({
      error: { code: 'image-unclean' },
    })
    const told = await withExif(await halves(48, 64, 'image/jpeg'), 1)
    const made = await makePicture(source, { ...settings, thumbnails: [] }, writing(told))
    expect(made.ok && imageVerdict(await bytesOf(made.value.blob))).toBe('clean')
  })

  test.for([
    { maxSide: 15 },
    { maxSide: 20_000 },
    { maxSide: 100.5 },
    { quality: 0 },
    { quality: Number.NaN },
    { thumbnails: [1, 2] },
    { thumbnails: [20, 30, 40, 50, 60] },
    { format: 'bmp' as 'png' },
  ])('options out of their bounds: %j', async (options) => {
    await expect(preparePicture(new Blob([]), { ...options, signal: never })).rejects.toMatchObject({
      code: 'picture-options',
    })
  })
})

describe('the queue of a page', () => {
  /** Workers of a queue, and which of them were ended. */
  function watched(source: () => Worker) {
    const ended: Worker[] = []
    const started: Worker[] = []
    function startWorker(): Worker {
      const worker = source()
      const { terminate } = worker
      worker.terminate = () => {
        ended.push(worker)
        terminate.call(worker)
      }
      started.push(worker)
      return worker
    }
    return { startWorker, started, ended }
  }

  const scripted = (script: string) => () =>
    new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })))
  const real = () => new Worker(new URL('./picture.worker.ts', import.meta.url), { type: 'module' })

  test('[I26] [T11] a decoder that does not come back is ended, and the next picture has a new one', async () => {
    let stuck = true
    const workers = watched(() => (stuck ? scripted('onmessage = () => { for (;;); }')() : real()))
    const queue = createPictureQueue({ startWorker: workers.startWorker, timeoutMs: 300 })
    const slow = queue.prepare(new Blob([]), { signal: never })
    await expect(slow).rejects.toMatchObject({ code: 'image-timeout' })
    expect(workers.ended).toEqual(workers.started)
    stuck = false
    const patient = createPictureQueue({ startWorker: workers.startWorker })
    await patient.prepare(await photograph(32, 32, 'image/png'), { signal: never })
    expect(workers.ended).toEqual(workers.started)
  })

  test('[I26] given up in the middle: at once, with the reason, and the others go on', async () => {
    const workers = watched(real)
    const queue = createPictureQueue({ startWorker: workers.startWorker })
    const source = await photograph(600, 400, 'image/jpeg')
    const [first, third] = [new AbortController(), new AbortController()]
    const answers = [
      queue.prepare(source, { signal: first.signal }),
      queue.prepare(source, { signal: never }),
      queue.prepare(source, { signal: third.signal }),
    ]
    third.abort(new Error('not this one'))
    await expect(answers[2]).rejects.toThrow('not this one')
    await expect.poll(() => workers.started.length).toBe(1)
    first.abort(new Error('enough'))
    await expect(answers[0]).rejects.toThrow('enough')
    expect(await answers[1]).toMatchObject({ width: 600 })
    expect(workers.ended).toEqual(workers.started)
    expect(workers.started.length).toBe(2)
  })

  test('[I26] one after the other, by one worker that goes when nothing waits', async () => {
    const workers = watched(real)
    const queue = createPictureQueue({ startWorker: workers.startWorker })
    const source = await photograph(64, 64, 'image/png')
    await Promise.all([1, 2, 3].map(() => queue.prepare(source, { signal: never })))
    expect(workers.started.length).toBe(1)
    expect(workers.ended).toEqual(workers.started)
  })

  test.for([
    ['that fails', 'throw new Error()'],
    ['that answers nonsense', 'onmessage = () => postMessage({ ok: true, value: { blob: 7 } })'],
    [
      'of another version',
      'onmessage = () => postMessage({ ok: false, error: { code: "new", message: "" } })',
    ],
  ])('[I26] a worker %s is an error, not a picture', async ([, script]) => {
    const workers = watched(scripted(script!))
    const queue = createPictureQueue({ startWorker: workers.startWorker })
    await expect(queue.prepare(new Blob([]), { signal: never })).rejects.toMatchObject({
      code: 'picture-worker',
    })
    expect(workers.ended).toEqual(workers.started)
  })
})

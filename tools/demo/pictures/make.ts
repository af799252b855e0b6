/**
 * From what is asked for to the bytes of a picture file.
 *
 *     scene, seed ─▶ canvas ─▶ JPEG, or PNG where colours are flat ─▶ bytes, thumbhash
 *
 * @module
 */
import { mostThumbhashSide, thumbhashOf } from '../../../packages/peer/src/pictures/thumbhash.ts'
import { type Canvas, createCanvas, toBytes } from './canvas.ts'
import { chanceOf } from './chance.ts'
import { encodeJpeg } from './jpeg.ts'
import { bay, harbour, hills, meadow, night, type Scene } from './landscapes.ts'
import type { Looks } from './looks.ts'
import { encodePng } from './png.ts'
import { paintPortrait } from './portrait.ts'
import { bench, cat, honey, loaf, map, mugs } from './still-lifes.ts'

const scenes = { bay, harbour, hills, meadow, night, bench, cat, honey, loaf, map, mugs } satisfies {
  readonly [name: string]: Scene
}

export type SceneName = keyof typeof scenes

export type PictureOrder =
  | { readonly type: 'scene'; readonly scene: SceneName; readonly seed: string }
  | { readonly type: 'portrait'; readonly looks: Looks; readonly seed: string }

export interface MadePicture {
  readonly bytes: Uint8Array
  readonly mime: 'image/jpeg' | 'image/png'
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** As payloads have it. */
  readonly thumbhash: string
}

const portraitSide = 256
const sceneSize = { width: 600, height: 400 } as const
const quality = 82

export function makePicture(order: PictureOrder): MadePicture {
  if (order.type === 'portrait')
    return written(paintPortrait(order.looks, portraitSide, chanceOf(order.seed, 'portrait')), false)
  const canvas = createCanvas(sceneSize.width, sceneSize.height)
  scenes[order.scene](canvas, order.seed)
  return written(canvas, order.scene === 'map')
}

function written(canvas: Canvas, isFlat: boolean): MadePicture {
  const { width, height } = canvas
  const rgb = toBytes(canvas)
  const bytes = isFlat ? encodePng(rgb, width, height) : encodeJpeg(rgb, width, height, quality)
  const mime = isFlat ? 'image/png' : 'image/jpeg'
  return { bytes, mime, width, height, thumbhash: thumbhashOf(shrunk(rgb, width, height)) }
}

/** Each pixel of the small picture is the one in the middle of what it stands for. */
function shrunk(rgb: Uint8Array, width: number, height: number): Parameters<typeof thumbhashOf>[0] {
  const step = Math.ceil(Math.max(width, height) / mostThumbhashSide)
  const small = { width: Math.floor(width / step), height: Math.floor(height / step) }
  const rgba = new Uint8ClampedArray(small.width * small.height * 4)
  for (let at = 0; at < small.width * small.height; at++) {
    const row = Math.floor(at / small.width) * step + (step >> 1)
    const column = (at % small.width) * step + (step >> 1)
    const from = (row * width + column) * 3
    rgba.set([rgb[from] ?? 0, rgb[from + 1] ?? 0, rgb[from + 2] ?? 0, 255], at * 4)
  }
  return { ...small, rgba }
}

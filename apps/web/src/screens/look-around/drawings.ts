/**
 * Faces and pictures of people who were made up, drawn by this page: nothing of them is fetched.
 *
 *     name ─canvas▶ JPEG
 *
 * @module
 */
import { drawCake } from './drawing/cake.ts'
import { drawFace, type Looks } from './drawing/face.ts'
import { drawLake } from './drawing/lake.ts'
import { drawSeedlings } from './drawing/seedlings.ts'
import type { Size } from './drawing/strokes.ts'

export type Drawing = keyof typeof drawings

type Draw = (canvas: CanvasRenderingContext2D, size: Size) => void

const faceSize: Size = { width: 256, height: 256 }
const pictureSize: Size = { width: 960, height: 640 }

const drawings = {
  mira: face({
    ...{ ground: ['#cfe8c9', '#7fb58a'], skin: '#e8b48f', hair: '#7a3b1d', cut: 'curls' },
    clothes: '#c8553d',
  }),
  tom: face({
    ...{ ground: ['#cfdcf2', '#7e9bc9'], skin: '#f0c4a0', hair: '#c98a3a', cut: 'short' },
    ...{ clothes: '#2f4b6e', hasBeard: true },
  }),
  ana: face({
    ...{ ground: ['#fbe2b8', '#e9a65b'], skin: '#b57a50', hair: '#221a1c', cut: 'long' },
    clothes: '#4c7a6d',
  }),
  yusuf: face({
    ...{ ground: ['#e3d3ee', '#9d83bb'], skin: '#cf9a6c', hair: '#2b2320', cut: 'short' },
    ...{ clothes: '#3c3a47', hasGlasses: true },
  }),
  edith: face({
    ...{ ground: ['#f8d5d1', '#d58d8a'], skin: '#f2cfb6', hair: '#dcdad6', cut: 'bun' },
    ...{ clothes: '#6c5a8e', hasGlasses: true },
  }),
  lake: { size: pictureSize, draw: drawLake },
  seedlings: { size: pictureSize, draw: drawSeedlings },
  cake: { size: pictureSize, draw: drawCake },
} as const satisfies Readonly<Record<string, { readonly size: Size; readonly draw: Draw }>>

export const drawingSize = (name: Drawing): Size => drawings[name].size

export const drawingType = 'image/jpeg'

const made = new Map<Drawing, Promise<Uint8Array>>()

/** Once in the life of a page. Rejects where there is no canvas. */
export function drawn(name: Drawing): Promise<Uint8Array> {
  const found = made.get(name)
  if (found !== undefined) return found
  const bytes = draw(name)
  made.set(name, bytes)
  return bytes
}

async function draw(name: Drawing): Promise<Uint8Array> {
  const { size, draw: paint } = drawings[name]
  const canvas = Object.assign(document.createElement('canvas'), size)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser draws nothing.')
  paint(context, size)
  const { promise, resolve } = Promise.withResolvers<Blob | null>()
  canvas.toBlob(resolve, drawingType, 0.9)
  const blob = await promise
  if (blob === null) throw new Error('This browser draws nothing.')
  return new Uint8Array(await blob.arrayBuffer())
}

function face(looks: Looks): { readonly size: Size; readonly draw: Draw } {
  return { size: faceSize, draw: (canvas, size) => drawFace(canvas, size, looks) }
}

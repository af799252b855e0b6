/**
 * What the browser can tell of a film or a sound before it goes out: how long, how large, and of a film one of its pictures.
 *
 *     file ─<video>▶ length, size ─seek▶ a frame ─preparePicture▶ poster: clean, small, with its colours in 25 bytes
 *
 * Nothing of it is needed: whatever fails is left out.
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import { type PreparedPicture, preparePicture } from '@effigy/peer/pictures'

export interface PlayFacts {
  /** ms. */
  readonly duration?: number
  /** Pixels. */
  readonly width?: number
  readonly height?: number
}

export interface Played {
  readonly facts: PlayFacts
  /** A picture of the film; null: of a sound, or of what this browser cannot show. */
  readonly still: PreparedPicture | null
}

/** ms to learn how long it is, and again to get a picture. */
const patienceMs = 5_000

/** Pixels: what is larger is decoded for no poster (I20). */
const maxFramePixels = 40_000_000

/** Pixels of its longest side. */
const stillSide = 960

/** ms from the beginning, or earlier in short ones: films often begin in black. */
const stillAtMs = 1_000

export async function playFacts(source: Blob, kind: 'video' | 'audio', signal: AbortSignal): Promise<Played> {
  const player = document.createElement(kind)
  const url = URL.createObjectURL(source)
  try {
    player.muted = true
    player.preload = kind === 'video' ? 'auto' : 'metadata'
    const loaded = told(player, 'loadedmetadata', signal)
    player.src = url
    await loaded
    const ms = Math.round(player.duration * 1_000)
    const isKnown = Number.isSafeInteger(ms) && ms > 0
    const length = isKnown ? { duration: ms } : {}
    if (!(player instanceof HTMLVideoElement)) return { facts: length, still: null }
    const { videoWidth: width, videoHeight: height } = player
    const size = width > 0 && height > 0 ? { width, height } : {}
    const still = await stillOf(player, isKnown ? Math.min(stillAtMs, ms / 4) : 0, signal).catch(() => null)
    return { facts: { ...length, ...size }, still }
  } catch {
    return { facts: {}, still: null }
  } finally {
    player.removeAttribute('src')
    player.load()
    URL.revokeObjectURL(url)
  }
}

/** Rejects when there is no picture at that time, or none that may be sent. */
async function stillOf(
  player: HTMLVideoElement,
  atMs: number,
  signal: AbortSignal,
): Promise<PreparedPicture | null> {
  const { videoWidth: width, videoHeight: height } = player
  if (width === 0 || height === 0 || width * height > maxFramePixels) return null
  if (atMs > 0) {
    const there = told(player, 'seeked', signal)
    player.currentTime = atMs / 1_000
    await there
  }
  if (player.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) await told(player, 'loadeddata', signal)
  const share = Math.min(1, stillSide / Math.max(width, height))
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(width * share)),
    Math.max(1, Math.round(height * share)),
  )
  const context = canvas.getContext('2d', { alpha: false })
  if (context === null) return null
  context.drawImage(player, 0, 0, canvas.width, canvas.height)
  const frame = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
  // As every picture: encoded anew in the worker, without a word about where it comes from.
  return preparePicture(frame, { maxSide: stillSide, thumbnails: [], format: 'jpeg', signal })
}

function told(player: HTMLMediaElement, event: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const over = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  const failed = (): void => reject(new EffigyError('media-unplayable', 'This browser cannot play it.'))
  const stopped = (): void => reject(over.reason)
  player.addEventListener(event, () => resolve(), { once: true })
  player.addEventListener('error', failed, { once: true })
  over.addEventListener('abort', stopped, { once: true })
  if (over.aborted) stopped()
  return promise.finally(() => {
    player.removeEventListener('error', failed)
    over.removeEventListener('abort', stopped)
  })
}

/**
 * The colours of a picture before it is here.
 *
 * @module
 */
import { type ReactNode, useEffect, useRef } from 'react'
import classes from './note.module.css'

export function Thumb({ hash }: { readonly hash: string | undefined }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const { current } = canvas
    if (hash === undefined || current === null) return
    let isOver = false
    const draw = async (): Promise<void> => {
      const { thumbhashPixels } = await import('@effigy/peer/pictures')
      const pixels = thumbhashPixels(hash)
      if (isOver || pixels === null) return
      current.width = pixels.width
      current.height = pixels.height
      current.getContext('2d')?.putImageData(new ImageData(pixels.rgba, pixels.width, pixels.height), 0, 0)
    }
    // Without it there is a plain field.
    draw().catch(() => {})
    return () => {
      isOver = true
    }
  }, [hash])
  return <canvas ref={canvas} className={classes.thumb} width={1} height={1} aria-hidden />
}

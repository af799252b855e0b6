/**
 * A text as a QR code, for the camera of somebody beside.
 *
 * @module
 */

import encodeQR from 'qr'
import { type ReactNode, useMemo } from 'react'
import classes from './qr/qr-code.module.css'

export interface QrCodeProps {
  readonly text: string
  /** What it is for, for who cannot see it. */
  readonly label: string
}

/** Modules around it that scanners need. */
const border = 3

export function QrCode({ text, label }: QrCodeProps): ReactNode {
  const { path, side } = useMemo(() => pathOf(text), [text])
  return (
    <svg
      className={classes.code}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} className={classes.paper} />
      <path d={path} className={classes.ink} />
    </svg>
  )
}

function pathOf(text: string): { readonly path: string; readonly side: number } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border })
  let path = ''
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x++) {
      const from = x
      while (row[x] === true) x++
      if (x > from) path += `M${from} ${y}h${x - from}v1h${from - x}z`
    }
  }
  return { path, side: rows.length }
}

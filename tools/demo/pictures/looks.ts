/**
 * What the people of the portraits look like (portrait.ts).
 *
 * @module
 */

export type HairStyle = 'bald' | 'short' | 'curls' | 'bun' | 'long' | 'bob' | 'scarf' | 'waves' | 'braid'

/** Colours are `#rrggbb`. */
export interface Looks {
  readonly skin: string
  readonly hair: HairStyle
  readonly hairColour: string
  readonly clothes: string
  readonly background: readonly [string, string]
  readonly eyes?: string
  readonly beard?: 'full' | 'stubble' | 'moustache'
  readonly glasses?: string
  readonly hat?: 'cap' | 'beanie'
  readonly hatColour?: string
  readonly earrings?: string
  readonly freckles?: boolean
  /** How broad the smile is, 0 to 1. */
  readonly smile?: number
  /** Lines of a long life. */
  readonly old?: boolean
}

/** Where the face is: its middle, and half of its width and height. */
export const face = { x: 0.5, y: 0.46, rx: 0.165, ry: 0.21 } as const

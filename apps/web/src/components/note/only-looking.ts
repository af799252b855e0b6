/**
 * Where a person only looks around: what would write calls this instead. Null: everywhere else.
 *
 * @module
 */
import { createContext } from 'react'

export const OnlyLookingContext = createContext<(() => void) | null>(null)

/**
 * Screens that are reached in more than one way, and have to be there at once in each.
 *
 * @module
 */
import { late } from './late.tsx'

export const Home = late(async () => (await import('../screens/home/home-screen.tsx')).Screen)
export const Welcome = late(async () => (await import('../screens/welcome/welcome-screen.tsx')).Screen)

/** Where the processes of tests and who watches them find each other. */

/** Of the process that runs this file. */
export const titleOf = (path: string): string => `vitest ${path}`

/** Its inspector's, which listens once the process is sent SIGUSR1; below those that systems give out by themselves. */
export const portOf = (pid: number): number => 20_000 + (pid % 10_000)

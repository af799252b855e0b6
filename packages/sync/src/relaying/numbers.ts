/**
 * Numbers of circuits: who gave one shows in it, for two hubs may each be the other's (spec V70).
 *
 *     hub that accepted the session: 2, 4, 6 …      hub that dialled it: 1, 3, 5 …
 *
 * @module
 */
import type { Role } from '../session/transcript.ts'

/** `role`: of the hub in that session. The next ones are two apart. */
export function firstCircuit(role: Role): number {
  return role === 'acceptor' ? 2 : 1
}

/** Whether a hub with that role may have given the number. */
export function isOfHub(circuit: number, role: Role): boolean {
  return circuit % 2 === firstCircuit(role) % 2
}

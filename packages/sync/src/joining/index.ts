/**
 * Joining a hub by an invite (spec W).
 *
 * @module
 */
export { createDesk, createLobby, type Desk, type Lobby, lobbyMs, type Redeem } from './desk.ts'
export { joinHub } from './join-hub.ts'

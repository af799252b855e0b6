/**
 * Every word that the program says, in one folder, ready to be said in another language.
 *
 *     errorText ─▶ failure.ts      help ─▶ program.ts      say ─▶ commands/*
 *
 * @module
 */
export { backupAdvice, type ErrorText, errorText, errorWords, otherErrors } from './error-text.ts'
export { feedHelp, feedSay } from './feed.ts'
export { groupHelp, groupSay } from './group.ts'
export { help } from './help.ts'
export { aliasErrors, joiningErrors, joiningHelp, joiningSay } from './joining.ts'
export { leaseHelp, leaseSay } from './lease.ts'
export { reportHelp, reportSay } from './moderation.ts'
export { presenceHelp, presenceSay } from './presence.ts'
export { privateHelp, privateSay } from './private.ts'
export { quotaHelp, quotaSay } from './quota.ts'
export { recoveryHelp, recoverySay } from './recovery.ts'
export { say } from './say.ts'
export { synodHelp, synodSay } from './synod.ts'
export { topics } from './topics.ts'
export { vaultHelp, vaultSay } from './vault.ts'

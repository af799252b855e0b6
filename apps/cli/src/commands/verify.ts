/**
 * `verify`: checks everything in this home again; exit code 1 when something is wrong.
 *
 * @module
 */

import { createNodeCrypto } from '@effigy/crypto/node'
import { type Finding, verifyRecords } from '@effigy/store'
import { Command } from 'commander'
import { failure } from '../failure.ts'
import { openHomeStore } from '../home.ts'
import { help, say } from '../messages/index.ts'
import type { Run } from '../run.ts'

export function verifyCommand(run: Run): Command {
  return new Command('verify').description(help.verify).action((_options: object, command: Command) =>
    run(command, async (context) => {
      using store = openHomeStore(context.home, context.io.clock.now)
      const { output, signal } = context
      const { feeds, entries, findings } = await verifyRecords(store, createNodeCrypto(), {
        signal,
        onProgress: (progress) => output.progress(say.checking, progress),
        onBlocks: (progress) => output.progress(say.reading, progress),
      })
      output.clear()
      for (const finding of findings) {
        output.json({ type: 'finding', ...finding })
        output.line(output.paint('red', sentence(finding)))
      }
      output.json({ type: 'verified', feeds, entries, findings: findings.length })
      if (findings.length > 0) throw failure('damage-found', say.problems(findings.length))
      output.line(say.verified(say.entries(entries), say.feeds(feeds)))
    }),
  )
}

function sentence({ kind, cid, identity, code }: Finding): string {
  switch (kind) {
    case 'entry':
    case 'block':
    case 'body':
      return say.damage(kind, cid)
    case 'signature':
      return say.wrongSignature(cid)
    case 'link':
      return say.wrongLink(cid, code)
    case 'head':
      return say.wrongHead(identity ?? cid)
  }
}

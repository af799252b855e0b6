/**
 * Compares what two people see, and both with what they should see.
 *
 *     node examples/check-timelines.ts ALICE.jsonl BOB.jsonl EXPECTED.txt
 *
 * The first two come from `effigy timeline --json --comments`, newest first. The third has a line for each
 * text that must be there, exactly once, oldest first. Says what differs and ends with 1.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import type { ItemJson } from '../apps/cli/src/item-view.ts'

const [, , alicePath = '', bobPath = '', expectedPath = ''] = process.argv
const alice = readTimeline(alicePath)
const bob = readTimeline(bobPath)
const expected = linesOf(expectedPath)

const differences = [
  ...differing('Bob sees something else than Alice', alice.map(identityOf), bob.map(identityOf)),
  ...differing('Alice does not see what she should', expected, texts(alice)),
  ...differing('Bob does not see what he should', expected, texts(bob)),
]
for (const difference of differences) process.stderr.write(`${difference}\n`)
process.stdout.write(`${alice.length} entries on both sides\n`)
process.exitCode = differences.length === 0 ? 0 : 1

/** What must be the same everywhere: all but what each device knows for itself (when it saw it first). */
function identityOf({ entry, content, author, length, comparable, state, payload }: ItemJson): string {
  return JSON.stringify([entry, content, author, length, comparable, state, payload])
}

function texts(timeline: readonly ItemJson[]): readonly string[] {
  return timeline
    .map(({ payload, state }) =>
      payload !== null && 'text' in payload ? String(payload.text) : `(${state})`,
    )
    .reverse()
}

function differing(what: string, wanted: readonly string[], got: readonly string[]): readonly string[] {
  const at = wanted.findIndex((one, index) => one !== got[index])
  if (at < 0 && wanted.length === got.length) return []
  const place = at < 0 ? wanted.length : at
  return [
    `${what}: line ${place + 1} of ${wanted.length} and ${got.length}`,
    `  wanted ${wanted[place] ?? '(the end)'}`,
    `  got    ${got[place] ?? '(the end)'}`,
  ]
}

function readTimeline(path: string): readonly ItemJson[] {
  return linesOf(path).map((line) => JSON.parse(line) as ItemJson)
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
}

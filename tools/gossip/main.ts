/**
 * `node tools/gossip/main.ts`: runs the experiments of the paper, prints the tables, and writes them and the plots
 * into `docs/`.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { runAll, withTables } from './document.ts'

const docs = new URL('../../docs/', import.meta.url)
const { tables, plots } = runAll()
const document = new URL('gossip.md', docs)

process.stdout.write(`${tables}\n`)
writeFileSync(document, withTables(readFileSync(document, 'utf8'), tables))
for (const [name, svg] of plots) writeFileSync(new URL(name, docs), svg)

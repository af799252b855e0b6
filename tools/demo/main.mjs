/**
 * `npm run demo`: installs what is missing, builds the web app where it changed, and starts the village (main.ts). Runs on any Node that runs npm.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildWeb } from '../build-web.mjs'
import { binaries, environment, installPackages, root } from '../install.mjs'

installPackages()
const built = buildWeb()
if (built !== 0) process.exit(built)
const village = spawn(join(binaries, 'node'), ['tools/demo/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: environment(),
})
// The terminal sends Ctrl-C to both; the village ends by itself and this process follows it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => village.kill('SIGTERM'))
village.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))

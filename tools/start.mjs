/**
 * `npm start`: installs what is missing, builds the web app where it changed, and starts the hub with it. Arguments go to
 * the hub (`npm start -- --port 9000`), which Node runs as it is written.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildWeb } from './build-web.mjs'
import { binaries, environment, installPackages, root } from './install.mjs'

installPackages()
const built = buildWeb()
if (built !== 0) process.exit(built)
const hub = spawn(join(binaries, 'node'), ['apps/hub/src/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: environment(),
})
// The terminal sends Ctrl-C to both; the hub ends by itself and this process follows it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => hub.kill('SIGTERM'))
hub.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))

/**
 * `Symbol.dispose` and `Symbol.asyncDispose` where a browser lacks them: the names under which what was opened is closed.
 * Imported first in each page and worker: a class that stands before it would have other names.
 *
 * @module
 */
for (const name of ['dispose', 'asyncDispose'] as const) {
  // As bundlers name them that turn `using` into what older browsers know.
  if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol.for(`Symbol.${name}`) })
}

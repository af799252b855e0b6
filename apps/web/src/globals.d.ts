/** Of `package.json`, as in 1.2.3. */
declare const __VERSION__: string
/** The same as a number: a later release has a greater one. */
declare const __RELEASE__: number

declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>
  // biome-ignore lint/style/noDefaultExport: as Vite gives it
  export default classes
}

declare module '*.css'

interface ImportMeta {
  /** Of Vite: the modules that fit, each loaded when it is asked for. */
  glob<Module>(pattern: string): Readonly<Record<string, () => Promise<Module>>>
  glob<Module>(pattern: string, options: { readonly eager: true }): Readonly<Record<string, Module>>
}

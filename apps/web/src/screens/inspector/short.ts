/** `did:key:z6MkhaXg…`: as many characters as tell two of them apart on a screen. */
export function short(name: string): string {
  return name.length <= 20 ? name : `${name.slice(0, 14)}…${name.slice(-4)}`
}

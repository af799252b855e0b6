/** What is made once for each owner, however many scenes that share one ask for it. */

const made = new WeakMap<object, Map<string, Promise<unknown>>>()

/** `key` names one thing of one type. What failed is not tried again. */
export function onceFor<Value>(owner: object, key: string, make: () => Promise<Value>): Promise<Value> {
  const own = made.get(owner) ?? new Map<string, Promise<unknown>>()
  made.set(owner, own)
  const found = own.get(key) ?? make()
  own.set(key, found)
  return found as Promise<Value>
}

/**
 * Who can have been let into a group at all, whatever is judged of it (spec Q3): what others write takes no place.
 *
 *     creator ─create, add▶ those listed      admins alone let in, until the creator has lost something: then all who are in
 *
 * Never less than who is a member to anybody who knows a part of the operations: a member needs a grant by an admin, or
 * by the heir of admins, of whom the creator was the first.
 *
 * @module
 */
import type { Account } from '../payloads/accounts.ts'
import type { GroupEntry, Person, PersonOf } from './operation.ts'

export function admitted(
  create: GroupEntry,
  entries: Iterable<GroupEntry>,
  personOf: PersonOf,
): ReadonlySet<Person> {
  const authorOf = ({ identity }: GroupEntry): Person => personOf({ identity, root: null })
  const creator = authorOf(create)
  const byAuthor = Map.groupBy(entries, authorOf)
  const people = new Set<Person>([creator])
  const letting = new Set<Person>()
  const next: Person[] = [creator]
  let hasHeirs = false

  for (let one = next.pop(); one !== undefined; one = next.pop()) {
    if (letting.has(one)) continue
    letting.add(one)
    for (const entry of byAuthor.get(one) ?? []) hear(entry, one)
  }
  return people

  function hear({ payload }: GroupEntry, author: Person): void {
    if (payload.operation === 'create' || payload.operation === 'add') {
      for (const listed of payload.members) {
        people.add(personOf(listed))
        if (listed.role === 'admin' || hasHeirs) next.push(personOf(listed))
      }
    }
    if (payload.operation === 'role') {
      for (const listed of payload.members) if (listed.role === 'admin') next.push(personOf(listed))
      lost(payload.members.filter(({ role }) => role === 'member'))
    }
    if (payload.operation === 'remove') lost(payload.targets)
    if (payload.operation === 'leave' && author === creator && !hasHeirs) inherit()
  }

  function lost(accounts: readonly Account[]): void {
    if (!hasHeirs && accounts.some((account) => personOf(account) === creator)) inherit()
  }

  function inherit(): void {
    hasHeirs = true
    // One by one: there may be more of them than a call takes arguments.
    for (const person of people) next.push(person)
  }
}

/**
 * The name of a person, as this person knows them.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { ReactNode } from 'react'
import { usePerson } from './use-person.ts'

export function PersonName({ identity }: { readonly identity: Identity }): ReactNode {
  return <bdi data-others>{usePerson(identity).name}</bdi>
}

/**
 * The name of a person, as this person knows them, and what to know of it: that one made sure of them, or should look twice.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { ReactNode } from 'react'
import { PersonMarks } from './person/person-marks.tsx'
import { usePerson } from './use-person.ts'

export interface PersonNameProps {
  readonly identity: Identity
  /** Without marks, inside of a sentence. */
  readonly plain?: boolean
}

export function PersonName({ identity, plain = false }: PersonNameProps): ReactNode {
  const { name, known } = usePerson(identity)
  return (
    <>
      <bdi data-others>{name}</bdi>
      {!plain && known !== null && <PersonMarks person={known} />}
    </>
  )
}

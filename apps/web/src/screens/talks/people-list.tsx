/**
 * Names of several people in one line, as the language joins them: "Ada, Ben and 3 more" is `Ada, Ben, +3`.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import { Fragment, type ReactNode } from 'react'
import { formatNumber } from '../../components/format.ts'
import { PersonName } from '../../components/person-name.tsx'
import { spokenLanguage } from '../../words/language.ts'

export interface PeopleListProps {
  readonly people: readonly { readonly identity: Identity }[]
  /** More are counted; 3 when omitted. */
  readonly most?: number
}

export function PeopleList({ people, most = 3 }: PeopleListProps): ReactNode {
  const shown = people.length <= most ? people : people.slice(0, most - 1)
  const rest = people.length - shown.length
  const names = [...shown.keys()].map(String)
  const format = new Intl.ListFormat(spokenLanguage(), { type: 'conjunction', style: 'long' })
  const parts = format.formatToParts(rest === 0 ? names : [...names, 'rest'])
  return parts.map(({ type, value }, at) => {
    if (type === 'literal') return <Fragment key={at}>{value}</Fragment>
    const person = shown[Number(value)]
    return person === undefined ? (
      <bdi key={at}>+{formatNumber(rest)}</bdi>
    ) : (
      <PersonName key={at} identity={person.identity} />
    )
  })
}

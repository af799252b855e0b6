/**
 * The text of a note: who is named in it by the names one knows them by, tags that lead to their page, words that were searched for.
 *
 * @module
 */
import type { Identity, Mention } from '@effigy/core'
import { Anchor, Mark } from '@mantine/core'
import { Fragment, type ReactNode, useMemo } from 'react'
import { Link } from 'wouter'
import { PersonName } from '../person-name.tsx'
import { RichText } from '../rich-text.tsx'
import { markedParts } from './marked-parts.ts'
import { tagPath } from './paths.ts'
import { type SaidPart, saidParts } from './said-parts.ts'

export interface NoteTextProps {
  readonly text: string
  readonly mentions?: readonly Mention[]
  /** What was searched for, as it was typed. */
  readonly marks?: string
}

export function NoteText({ text, mentions, marks = '' }: NoteTextProps): ReactNode {
  const piece = useMemo(() => {
    const people = new Map<string, Identity>((mentions ?? []).map(({ name, identity }) => [name, identity]))
    return (said: string): ReactNode =>
      saidParts(said, [...people.keys()]).map((part, at) => {
        const key = `${at} ${part.type}`
        return <Fragment key={key}>{show(part, people, marks)}</Fragment>
      })
  }, [mentions, marks])
  return <RichText text={text} piece={piece} />
}

function show(part: SaidPart, people: ReadonlyMap<string, Identity>, marks: string): ReactNode {
  switch (part.type) {
    case 'text':
      return markedParts(part.text, marks).map(({ text, isMarked }, at) =>
        isMarked ? <Mark key={at}>{text}</Mark> : <Fragment key={at}>{text}</Fragment>,
      )
    case 'mention': {
      const identity = people.get(part.name)
      if (identity === undefined) return `@${part.name}`
      return (
        <Anchor component={Link} href={`/p/${identity}`} underline="always" inherit>
          @<PersonName identity={identity} />
        </Anchor>
      )
    }
    case 'tag':
      return (
        <Anchor component={Link} href={tagPath(part.label)} underline="always" inherit>
          #{part.label}
        </Anchor>
      )
  }
}

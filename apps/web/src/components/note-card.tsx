/**
 * One note, comment, picture or album, as it stands in lists and conversations.
 *
 *     face │ name · when
 *          │ text, pictures, quotes          behind warnings, muted words and of strangers on demand
 *          │ answers, reactions, more
 *
 * Plain elements: hundreds of them rush by when somebody scrolls.
 *
 * @module
 */
import type { ContentName } from '@effigy/core'
import type { Item } from '@effigy/react'
import { memo, type ReactNode, Suspense, useEffect, useId, useState } from 'react'
import { Link } from 'wouter'
import { late } from '../app/late.tsx'
import { Rich } from '../words/rich.tsx'
import { useWords } from '../words/use-words.ts'
import { Avatar } from './avatar.tsx'
import { useIsLeaving } from './composer/leaving.ts'
import { NoteActions } from './note/actions.tsx'
import { NoteBody } from './note/body.tsx'
import { notePath, personPath } from './note/paths.ts'
import { Quote } from './note/quote.tsx'
import { words } from './note/words.ts'
import classes from './note-card.module.css'
import { PersonName } from './person-name.tsx'
import { TimeAgo } from './time-ago.tsx'
import { usePerson } from './use-person.ts'

const Composer = late(async () => (await import('./composer/composer.tsx')).Composer)

const quote = ({ identity, content }: ContentName): ReactNode => (
  <Quote identity={identity} content={content} />
)

export interface NoteCardProps {
  readonly item: Item
  /** What was searched for. */
  readonly marks?: string
  /** What a conversation is opened for. */
  readonly isMain?: boolean
  /** Inside its conversation: whom it answers is to be seen. */
  readonly isInThread?: boolean
  /** One's own, opened to be changed. */
  readonly isForEdit?: boolean
  /** Below everything else: a form that answers it. */
  readonly children?: ReactNode
}

export const NoteCard = memo(function NoteCard(props: NoteCardProps): ReactNode {
  const { item, marks, isMain = false, isInThread = false, isForEdit = false, children } = props
  const t = useWords(words)
  const id = useId()
  const person = usePerson(item.identity)
  const [isEdited, setEdited] = useState(false)
  useEffect(() => {
    if (isForEdit) setEdited(true)
  }, [isForEdit])
  const isLeaving = useIsLeaving(item.cid)
  if (isLeaving) return null
  const payload = item.state.type === 'shown' ? item.state.payload : null
  return (
    <article
      className={classes.card}
      data-main={isMain || undefined}
      data-thread={isInThread || undefined}
      aria-labelledby={`${id}-who`}
      tabIndex={-1}
    >
      <Link href={personPath(item.identity)} className={classes.face} tabIndex={-1} aria-hidden>
        <Avatar {...person} size={isInThread ? 36 : 44} />
      </Link>
      <div className={classes.body}>
        <header className={classes.header}>
          <Link href={personPath(item.identity)} className={classes.name} id={`${id}-who`}>
            <PersonName identity={item.identity} />
          </Link>
          <span aria-hidden>·</span>
          <Link href={notePath(item)} className={classes.when}>
            <TimeAgo at={item.sort} />
          </Link>
          {payload?.was !== undefined && <span className={classes.edited}>{t('edited')}</span>}
          {payload !== null && 'origin' in payload && <span className={classes.edited}>{t('brought')}</span>}
        </header>
        {payload?.type === 'comment' && !isInThread && (
          <p className={classes.answers}>
            <Rich
              words={words}
              name="answers"
              parts={{ who: <PersonName identity={payload.target.identity} /> }}
            />
          </p>
        )}
        {isEdited ? (
          <Suspense>
            <Composer
              about={{ type: 'edit', item }}
              autoFocus
              onDone={() => setEdited(false)}
              onCancel={() => setEdited(false)}
            />
          </Suspense>
        ) : (
          <NoteBody item={item} isWanted={isMain} quote={quote} {...(marks === undefined ? {} : { marks })} />
        )}
        {item.state.type !== 'erased' && !isEdited && (
          <NoteActions item={item} onEdit={() => setEdited(true)} />
        )}
        {children}
      </div>
    </article>
  )
})

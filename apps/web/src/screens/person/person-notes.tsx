/**
 * What somebody wrote: what they show first, then the newest.
 *
 * @module
 */
import { payloadTags } from '@effigy/core'
import { type Item, type PersonView, usePeer, useTimeline } from '@effigy/react'
import { Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { ItemList } from '../../components/list/item-list.tsx'
import { NoteCard } from '../../components/note-card.tsx'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

/** The label by which people choose what is shown first of what they wrote. */
const pin = 'pin'
const maxPinned = 5

const keyOf = ({ cid }: Item): string => cid
const row = (item: Item): ReactNode => <NoteCard item={item} />

export function PersonNotes({ person }: { readonly person: PersonView }): ReactNode {
  const t = useWords(words)
  const list = useTimeline({ identities: [person.identity], hops: true })
  const pinned = usePinned(person)
  if (list.error !== null) return <Fault error={list.error} />
  if (list.items.length === 0 && pinned.length === 0) {
    return list.type === 'ready' && person.isKnown ? (
      <Text c="var(--soft)" ta="center" py="xl">
        {t('noNotes')}
      </Text>
    ) : null
  }
  return (
    <Stack gap="lg">
      {pinned.length > 0 && (
        <section aria-labelledby="their-pinned">
          <Title order={2} size="h4" id="their-pinned" mb="xs">
            {t('pinned')}
          </Title>
          {pinned.map(row)}
        </section>
      )}
      <section aria-labelledby="their-notes">
        <Title order={2} size="h4" id="their-notes" mb="xs">
          {t('notes')}
        </Title>
        <ItemList list={list} keyOf={keyOf} row={row} name={`person ${person.identity}`} />
      </section>
    </Stack>
  )
}

function usePinned({ identity }: PersonView): readonly Item[] {
  const { query } = usePeer()
  // By the word of this account alone, and about what it wrote: whatever others pin, it is not theirs to show first.
  const { items } = useTimeline({ identities: [identity], hops: true, tag: pin })
  const [said, setSaid] = useState<ReadonlySet<Item>>(none)
  useEffect(() => {
    let isOver = false
    const tagged = items.filter(hasTag)
    const isPinned = async ({ identity: of, content }: Item): Promise<boolean> =>
      (await query.labelsBy(identity, of, content)).labels.includes(pin)
    // Who writes about pins has not put them there.
    Promise.all(tagged.map(isPinned)).then(
      (answers) => {
        if (!isOver) setSaid(new Set(tagged.filter((_item, at) => answers[at])))
      },
      () => {},
    )
    return () => {
      isOver = true
    }
  }, [query, identity, items])
  return items.filter((item) => !hasTag(item) || said.has(item)).slice(0, maxPinned)
}

const none: ReadonlySet<Item> = new Set()

/** Says in its text what a pin is called. */
function hasTag({ state }: Item): boolean {
  return state.type === 'shown' && payloadTags(state.payload).some((tag) => tag.toLowerCase() === pin)
}

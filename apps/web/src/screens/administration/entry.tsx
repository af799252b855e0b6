/**
 * A list of things that an operator looks after: each with its name, what is to be said of it, and what can be done.
 *
 * @module
 */
import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useContext } from 'react'
import { Fault } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import classes from './administration.module.css'
import { type AskedList, NamesContext } from './use-hub.ts'
import { words } from './words.ts'

export interface EntryProps {
  readonly title: ReactNode
  /** Left out where null. */
  readonly about: readonly ReactNode[]
  /** What is said may be long: what can be done stands below it. */
  readonly isLong?: boolean
  readonly children?: ReactNode
}

export function Entry({ title, about, isLong = false, children }: EntryProps): ReactNode {
  const said = about.filter((part) => part !== null && part !== '')
  return (
    <li className={classes.entry}>
      <div className={classes.about} data-long={isLong || undefined}>
        <Text fw={600} component="div">
          {title}
        </Text>
        {said.map((part, at) => (
          <Text key={at} size="sm" c="var(--soft)" component="div">
            {part}
          </Text>
        ))}
      </div>
      <Group gap="xs" className={classes.acts ?? ''}>
        {children}
      </Group>
    </li>
  )
}

export interface EntriesProps<Row> {
  readonly asked: AskedList<Row>
  readonly keyOf: (row: Row) => string
  readonly show: (row: Row) => ReactNode
  /** When there is none. */
  readonly nothing: string
}

export function Entries<Row>({ asked, keyOf, show, nothing }: EntriesProps<Row>): ReactNode {
  const t = useWords(words)
  const { items, error, again, hasMore, more } = asked
  if (error !== null) {
    return (
      <Fault error={error}>
        <Button variant="default" onClick={again}>
          {t('again')}
        </Button>
      </Fault>
    )
  }
  if (items === null) return <Loader aria-label={t('loading')} />
  if (items.length === 0) return <Text c="var(--soft)">{nothing}</Text>
  return (
    <Stack gap="sm">
      <ul className={classes.entries}>
        {items.map((row) => (
          <Keyed key={keyOf(row)}>{show(row)}</Keyed>
        ))}
      </ul>
      {hasMore && (
        <Button variant="default" onClick={more}>
          {t('more')}
        </Button>
      )}
    </Stack>
  )
}

function Keyed({ children }: { readonly children: ReactNode }): ReactNode {
  return children
}

export interface SectionProps {
  readonly title: string
  readonly text?: string
  readonly children: ReactNode
}

export function Section({ title, text, children }: SectionProps): ReactNode {
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {title}
      </Title>
      {text !== undefined && <Text c="var(--soft)">{text}</Text>}
      {children}
    </Stack>
  )
}

/** A device or an account: by its name where the hub knows it, and always by what nobody else has. */
export function Who({
  identity,
  name: known = null,
}: {
  readonly identity: string
  readonly name?: string | null
}): ReactNode {
  const name = useContext(NamesContext).get(identity) ?? known
  return (
    <>
      {name !== null && (
        <>
          <bdi data-others>{name}</bdi>{' '}
        </>
      )}
      <Short name={identity} />
    </>
  )
}

/** A name out of many letters, short: its beginning and its end. */
export function Short({ name }: { readonly name: string }): ReactNode {
  const bare = name.replace(/^did:key:/, '')
  const said = bare.length <= 20 ? bare : `${bare.slice(0, 8)}…${bare.slice(-8)}`
  return (
    <bdi dir="ltr" title={name} className={classes.short}>
      {said}
    </bdi>
  )
}

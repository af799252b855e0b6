/**
 * Whom the hub serves, and one of them: devices, room, turning away.
 *
 * @module
 */
import { Alert, Button, Drawer, Group, Loader, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { confirmAct } from '../../components/confirm-act.tsx'
import { Fault } from '../../components/fault.tsx'
import { formatBytes } from '../../components/format.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './administration.module.css'
import { HubFault } from './ask.ts'
import { Credit } from './credit.tsx'
import { Entries, Entry, Section, Short, Who } from './entry.tsx'
import { useAct, useAsked, useAskedList } from './use-hub.ts'
import { words } from './words.ts'

interface PersonRow {
  /** Names them to the hub. */
  readonly person: string
  readonly name: string | null
  readonly devices: number
  readonly connected: number
  readonly ownBytes: number
  readonly isBlocked: boolean
}

interface PersonAnswer extends PersonRow {
  readonly deviceList: readonly {
    readonly identity: string
    readonly isConnected: boolean
    readonly ownBytes: number
  }[]
  /** Null: what the settings say. */
  readonly quota: { readonly bytes: number | null; readonly fileBytes: number | null } | null
  readonly leasedBytes: number
}

const megabyte = 1_000_000

export function People(): ReactNode {
  const t = useWords(words)
  const asked = useAskedList<PersonRow>('people list')
  const [open, setOpen] = useState<string | null>(null)
  return (
    <>
      <Entries
        asked={asked}
        keyOf={({ person }) => person}
        nothing={t('noPeople')}
        show={(row) => (
          <Entry
            title={<Name row={row} />}
            about={[
              [
                t('devices', { count: row.devices }),
                formatBytes(row.ownBytes),
                ...(row.connected > 0 ? [t('connected')] : []),
                ...(row.isBlocked ? [t('isBlocked')] : []),
              ].join(' · '),
            ]}
          >
            <Button
              variant="default"
              size="sm"
              onClick={() => setOpen(row.person)}
              aria-label={t('look', { name: row.name ?? t('somebody') })}
            >
              {t('lookAt')}
            </Button>
          </Entry>
        )}
      />
      <PersonDrawer who={open} close={() => setOpen(null)} />
    </>
  )
}

function Name({ row: { name } }: { readonly row: Pick<PersonRow, 'name'> }): ReactNode {
  const t = useWords(words)
  return <bdi data-others>{name ?? t('somebody')}</bdi>
}

export interface PersonDrawerProps {
  /** A device or an account; null: nobody. */
  readonly who: string | null
  readonly close: () => void
}

export function PersonDrawer({ who, close }: PersonDrawerProps): ReactNode {
  const t = useWords(words)
  return (
    <Drawer
      opened={who !== null}
      onClose={close}
      position="right"
      size="lg"
      title={who === null ? '' : <Who identity={who} />}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {who !== null && <Person who={who} />}
    </Drawer>
  )
}

function Person({ who }: { readonly who: string }): ReactNode {
  const t = useWords(words)
  const { value, error } = useAsked<PersonAnswer>('people show', { who })
  const { items: blocks } = useAskedList<{ readonly who: string }>('blocks list')
  // Whoever is turned away is no member any more.
  const isGone = error instanceof HubFault && error.code === 'not-found'
  if (value === null && !isGone)
    return error === null ? <Loader aria-label={t('loading')} /> : <Fault error={error} />
  const person = value?.person ?? who
  const isBlocked = (blocks ?? []).some((block) => block.who === person || block.who === who)
  return (
    <Stack>
      {value === null || isGone ? <Text>{t('notHere')}</Text> : <Member person={value} />}
      <Block person={person} name={value?.name ?? null} isBlocked={isBlocked} />
    </Stack>
  )
}

function Member({ person }: { readonly person: PersonAnswer }): ReactNode {
  const t = useWords(words)
  return (
    <>
      <Text>{t('keeps', { size: formatBytes(person.ownBytes) })}</Text>
      {person.leasedBytes > 0 && <Text>{t('promised', { size: formatBytes(person.leasedBytes) })}</Text>}
      <Section title={t('deviceList')}>
        <ul className={classes.entries}>
          {person.deviceList.map(({ identity, isConnected, ownBytes }) => (
            <Entry
              key={identity}
              title={<Short name={identity} />}
              about={[[formatBytes(ownBytes), ...(isConnected ? [t('connected')] : [])].join(' · ')]}
            />
          ))}
        </ul>
      </Section>
      <Credit who={person.person} devices={person.deviceList} />
      <Room key={JSON.stringify(person.quota)} person={person} />
    </>
  )
}

function Room({ person: { person, quota } }: { readonly person: PersonAnswer }): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const inMegabytes = (bytes: number | null | undefined): number | string =>
    bytes == null ? '' : Math.round(bytes / megabyte)
  const [texts, setTexts] = useState<number | string>(inMegabytes(quota?.bytes))
  const [files, setFiles] = useState<number | string>(inMegabytes(quota?.fileBytes))

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    const field = (name: string, value: number | string) =>
      typeof value === 'number' ? { [name]: value * megabyte } : {}
    await act('quotas set', { who: person, ...field('bytes', texts), ...field('fileBytes', files) })
  }

  return (
    <Section title={t('room')} text={t('roomText')}>
      <form onSubmit={(event) => void save(event)}>
        <Stack gap="sm">
          <Group grow>
            <NumberInput
              size="md"
              label={t('roomTexts')}
              value={texts}
              onChange={setTexts}
              min={1}
              max={1_000_000}
              allowDecimal={false}
              hideControls
            />
            <NumberInput
              size="md"
              label={t('roomFiles')}
              value={files}
              onChange={setFiles}
              min={0}
              max={10_000_000}
              allowDecimal={false}
              hideControls
            />
          </Group>
          <Group>
            <Button type="submit" variant="default" size="sm">
              {t('roomSave')}
            </Button>
            {quota !== null && (
              <Button variant="subtle" size="sm" onClick={() => void act('quotas clear', { who: person })}>
                {t('roomClear')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

type BlockProps = Pick<PersonRow, 'person' | 'name' | 'isBlocked'>

function Block({ person, name, isBlocked }: BlockProps): ReactNode {
  const t = useWords(words)
  const act = useAct()
  const [reason, setReason] = useState('')
  if (isBlocked) {
    return (
      <Alert color="gray" title={t('isBlocked')}>
        <Button variant="default" onClick={() => void act('blocks remove', { who: person })}>
          {t('unblock')}
        </Button>
      </Alert>
    )
  }

  async function block(): Promise<void> {
    const isMeant = await confirmAct({
      title: t('blockTitle', { name: name ?? t('somebody') }),
      text: t('blockText'),
      act: t('block'),
    })
    if (!isMeant) return
    const said = reason.trim()
    await act('blocks add', { who: person, ...(said === '' ? {} : { reason: said }) })
  }

  return (
    <Section title={t('block')} text={t('blockText')}>
      <TextInput
        label={t('reason')}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        maxLength={500}
      />
      <Group>
        <Button color="red" variant="outline" onClick={() => void block()}>
          {t('block')}
        </Button>
      </Group>
    </Section>
  )
}

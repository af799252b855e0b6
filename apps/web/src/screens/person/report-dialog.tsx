/**
 * Telling whoever runs a hub about somebody, or about one thing that they wrote: to which, why, in whose words.
 *
 * @module
 */
import { type ContentName, EffigyError, type Identity } from '@effigy/core'
import { type PersonName, usePeer, useSync } from '@effigy/react'
import { Button, Group, Modal, Radio, Select, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useOwnProfile } from '../../app/own-profile.ts'
import { Fault } from '../../components/fault.tsx'
import { shownName } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import { words } from './words.ts'

const reasons = ['spam', 'abuse', 'impersonation', 'illegal', 'other'] as const
type Reason = (typeof reasons)[number]

/** Characters. */
const maxText = 1_000

/** ms for the hub to answer. */
const patienceMs = 20_000

export interface ReportDialogProps {
  readonly person: Pick<PersonName, 'identity' | 'petname' | 'name'>
  /** Of theirs just that; null: they themselves. */
  readonly content: ContentName | null
  readonly close: () => void
}

export function ReportDialog({ person, content, close }: ReportDialogProps): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const hubs = useHubs()
  const [hub, setHub] = useState<string | null>(null)
  const [reason, setReason] = useState<Reason>('spam')
  const [text, setText] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [isBusy, setBusy] = useState(false)
  const to = hubs.find(({ identity }) => identity === hub) ?? hubs[0]

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (to === undefined) return
    setBusy(true)
    setError(null)
    try {
      const report = {
        about: content?.identity ?? person.identity,
        content: content?.content ?? null,
        reason,
        text: text.trim(),
      }
      const sent = await peer.moderation.report(to.identity, report, AbortSignal.timeout(patienceMs))
      if (!sent.ok) throw new EffigyError(sent.error.code, sent.error.code)
      notifications.show({ role: 'status', color: 'green', message: t('reported', { hub: to.name }) })
      close()
    } catch (why) {
      setError(why)
      setBusy(false)
    }
  }

  return (
    <Modal
      opened
      onClose={close}
      title={t(content === null ? 'reportTitle' : 'reportNote', { name: shownName(person, t('somebody')) })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form onSubmit={(event) => void send(event)}>
        <Stack>
          <Text>{t('reportText')}</Text>
          {content !== null && <Text>{t('reportNoteText')}</Text>}
          {to === undefined && <Text role="status">{t('reportNoHub')}</Text>}
          {hubs.length > 1 && to !== undefined && (
            <Select
              label={t('reportTo')}
              data={hubs.map(({ identity, name }) => ({ value: identity, label: name }))}
              value={to.identity}
              onChange={setHub}
              allowDeselect={false}
            />
          )}
          <Radio.Group
            label={t('reportWhy')}
            value={reason}
            onChange={(value) => setReason(reasons.find((each) => each === value) ?? 'other')}
          >
            <Stack gap="xs" mt="xs">
              {reasons.map((each) => (
                <Radio key={each} value={each} label={t(each)} />
              ))}
            </Stack>
          </Radio.Group>
          <Textarea
            label={t('reportMore')}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            maxLength={maxText}
            autosize
            minRows={2}
            maxRows={8}
            dir="auto"
          />
          {error !== null && <Fault error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={isBusy} disabled={to === undefined}>
              {t('reportSend')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** Hubs that are there now, by where they are reached. */
function useHubs(): readonly { readonly identity: Identity; readonly name: string }[] {
  const { hubs } = useOwnProfile()
  const sessions = useSync().value?.sessions ?? []
  return sessions.flatMap(({ identity, kind }) => {
    if (kind !== 'hub') return []
    const url = hubs.find(([hub]) => hub === identity)?.[1]
    return [{ identity, name: (url === undefined ? null : URL.parse(url)?.host) ?? identity.slice(-8) }]
  })
}

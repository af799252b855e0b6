/**
 * Another hub: its address or an invite, what it says of itself, and only then yes.
 *
 *     text ─ invite? ─▶ the invite's own way     else, or pressed for elsewhere ─ look ─▶ who runs it, what it asks for ─ yes ─▶ in the profile
 *
 * @module
 */
import { writePeerAddress } from '@effigy/peer'
import { usePeer } from '@effigy/react'
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, type ReactNode, useCallback, useEffect, useState } from 'react'
import { openInvite } from '../../app/invite-place.ts'
import { saveProfile, useOwnProfile, withHub } from '../../app/own-profile.ts'
import { usePage } from '../../app/page-context.ts'
import { Fault, useFail } from '../../components/fault.tsx'
import { Section } from '../../components/section.tsx'
import { useWords } from '../../words/use-words.ts'
import { hostOf } from './about-hub.ts'
import { HubFacts } from './hub-facts.tsx'
import { type VisitedHub, visitHub } from './visit-hub.ts'
import { takeWantedHub } from './wanted-hub.ts'
import { words } from './words.ts'

export function AddHub(): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const page = usePage()
  const fail = useFail()
  const { hubs } = useOwnProfile()
  const [text, setText] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [found, setFound] = useState<VisitedHub | null>(null)

  const look = useCallback(
    async (typed: string): Promise<void> => {
      setBusy(true)
      setError(null)
      setFound(null)
      try {
        setFound(await visitHub(peer, typed, new AbortController().signal))
      } catch (reason) {
        setError(reason)
      } finally {
        setBusy(false)
      }
    },
    [peer],
  )

  useEffect(() => {
    const wanted = takeWantedHub()
    if (wanted === null) return
    const [expect, url] = wanted
    const address = writePeerAddress({ url, expect })
    setText(address)
    void look(address)
  }, [look])

  function submit(event: FormEvent): void {
    event.preventDefault()
    const invite = /effigy-invite-[A-Za-z0-9_-]+/.exec(text)?.[0]
    if (invite === undefined) void look(text)
    else {
      openInvite(invite)
      setText('')
    }
  }

  async function use({ hub }: VisitedHub): Promise<void> {
    setBusy(true)
    try {
      await saveProfile(page, peer, withHub(hub))
      setFound(null)
      setText('')
      notifications.show({ message: t('added'), color: 'green', role: 'status' })
    } catch (reason) {
      fail(reason)
    } finally {
      setBusy(false)
    }
  }

  const isKnown = found !== null && hubs.some(([one]) => one === found.hub[0])
  return (
    <Section title={t('addTitle')} text={t('addText')}>
      <form onSubmit={submit}>
        <Group align="end" gap="sm">
          <TextInput
            style={{ flexGrow: 1 }}
            label={t('addLabel')}
            placeholder="hub.example"
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            dir="ltr"
            inputMode="url"
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
          />
          <Button
            type="submit"
            variant="default"
            disabled={text.trim() === ''}
            loading={isBusy && found === null}
          >
            {t('addLook')}
          </Button>
        </Group>
      </form>
      {error !== null && <Fault error={error} />}
      {found !== null && (
        <Stack gap="sm" role="status" ref={bringIntoView}>
          <Text fw={600}>
            <bdi data-others>{found.about.name.trim() === '' ? hostOf(found.hub[1]) : found.about.name}</bdi>
          </Text>
          <HubFacts about={found.about} />
          {isKnown ? (
            <Text size="sm">{t('addKnown')}</Text>
          ) : (
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setFound(null)}>
                {t('addNo')}
              </Button>
              <Button onClick={() => void use(found)} loading={isBusy}>
                {t('addYes')}
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Section>
  )
}

/** On a phone it comes below what is seen. */
function bringIntoView(part: HTMLElement | null): void {
  part?.scrollIntoView({ block: 'center' })
}

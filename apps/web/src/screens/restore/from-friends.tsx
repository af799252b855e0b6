/**
 * With the friends who keep parts of the words: each compares six words with the person, over a call or face to face.
 *
 *     who they are ─ask▶ six words for each ─they say yes▶ parts ─enough▶ the account
 *
 * @module
 */
import { EffigyError, type Identity, parseIdentity } from '@effigy/core'
import type { FoundAccount } from '@effigy/peer'
import type { RemotePeer } from '@effigy/peer/page'
import { useLive, usePeer } from '@effigy/react'
import { Alert, Badge, Button, Card, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { PersonName } from '../../components/person-name.tsx'
import { QrScan } from '../../components/qr-scan.tsx'
import { useAct } from '../../components/use-act.ts'
import { useWords } from '../../words/use-words.ts'
import { readPerson } from '../people/read-person.ts'
import { Found } from './found.tsx'
import { HubField } from './hub-field.tsx'
import { Looking } from './looking.tsx'
import { type KnownHubs, meetTyped } from './meet.ts'
import { words } from './words.ts'

interface Joined {
  readonly phrase: string
  readonly found: FoundAccount
  /** Friends whose parts are of something else. */
  readonly wrong: readonly Identity[]
}

export function FromFriends(known: KnownHubs): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const { value } = useLive('recovery.show')
  const asking = useAct()
  const joining = useAct()
  const [name, setName] = useState('')
  const [typed, setTyped] = useState('')
  const [hub, setHub] = useState('')
  const [isScanning, setScanning] = useState(false)
  const [result, setResult] = useState<Joined | null>(null)
  const asked = value?.asked ?? []
  const given = value?.came ?? 0
  const needed = value?.needed ?? null
  const isEnough = needed !== null && given >= needed

  function ask(event: FormEvent): void {
    event.preventDefault()
    asking.act(async (signal) => {
      await meetTyped(peer, known, hub, signal)
      const custodians = await friendsIn(peer, typed, signal)
      await peer.recovery.ask({ custodians, name: name.trim(), signal })
      setTyped('')
    })
  }

  function add(text: string): string | null {
    const read = readPerson(text)
    if (read === null || (read.type !== 'person' && read.type !== 'alias')) return t('notAFriend')
    const line = read.type === 'person' ? read.identity : read.text
    setTyped((lines) => [...lines.split('\n').filter((one) => one !== line && one !== ''), line].join('\n'))
    setScanning(false)
    return null
  }

  const join = (): void =>
    joining.act(async (signal) => {
      await meetTyped(peer, known, hub, signal)
      const { phrase, wrong } = await peer.recovery.combine({ signal })
      setResult({ phrase, wrong, found: await peer.recovery.find(phrase, { signal }) })
    })

  if (result !== null) {
    const { wrong, ...account } = result
    return (
      <Stack>
        {wrong.length > 0 && (
          <Alert color="orange" title={t('otherParts')}>
            <Stack gap="xs">
              {wrong.map((identity) => (
                <Text key={identity} fw={600}>
                  <PersonName identity={identity} />
                </Text>
              ))}
              <Text size="sm">{t('otherPartsText')}</Text>
            </Stack>
          </Alert>
        )}
        <Found {...account} onBack={() => setResult(null)} />
      </Stack>
    )
  }
  return (
    <Stack>
      <Text>{t('friendsLead')}</Text>
      {asked.length > 0 && (
        <Stack gap="sm" role="status">
          {asked.map(({ identity, words: six, state }) => (
            <Card key={identity} withBorder bg="var(--card)">
              <Group justify="space-between" wrap="nowrap">
                <Text fw={600}>
                  <PersonName identity={identity} />
                </Text>
                <Badge variant="light">{t(`friend_state_${state}`)}</Badge>
              </Group>
              {state === 'asking' && (
                <>
                  <Text size="sm" c="var(--soft)">
                    {t('readAloud')}
                  </Text>
                  <Text size="lg" dir="ltr" ta="start">
                    {six}
                  </Text>
                </>
              )}
            </Card>
          ))}
          <Text>{needed === null ? t('partsNone') : t('parts', { given, needed })}</Text>
          {joining.error !== null && <Fault error={joining.error} />}
          {joining.isBusy && <Looking onCancel={joining.cancel} />}
          {isEnough && (
            <Button size="lg" loading={joining.isBusy} onClick={join}>
              {t('join')}
            </Button>
          )}
        </Stack>
      )}
      {isScanning && <QrScan onText={add} pasteLabel={t('scanPaste')} />}
      <Button variant="default" onClick={() => setScanning(!isScanning)}>
        {t(isScanning ? 'scanEnd' : 'scanFriend')}
      </Button>
      <form onSubmit={ask}>
        <Stack>
          <TextInput
            label={t('yourName')}
            description={t('yourNameHelp')}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={32}
            autoComplete="nickname"
          />
          <Textarea
            label={t('friendsLabel')}
            description={t('friendsHelp')}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            autosize
            minRows={2}
            size="md"
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
          />
          {asking.error !== null && <Fault error={asking.error} />}
          <HubField text={hub} onText={setHub} error={joining.error} />
          {asking.isBusy && <Looking onCancel={asking.cancel} />}
          <Button type="submit" loading={asking.isBusy} disabled={name.trim() === '' || typed.trim() === ''}>
            {t('askFriends')}
          </Button>
        </Stack>
      </form>
    </Stack>
  )
}

/** Of what they gave: a code of theirs, a link to them, or a name as `ada@hub.example`. */
async function friendsIn(
  peer: Pick<RemotePeer, 'joining'>,
  typed: string,
  signal: AbortSignal,
): Promise<readonly Identity[]> {
  const found: Identity[] = []
  for (const text of typed.split(/[\s,]+/u).filter((part) => part !== '')) {
    const [key] = /did:key:z[1-9A-HJ-NP-Za-km-z]+/.exec(decodeURIComponent(text)) ?? []
    const identity = key === undefined ? null : parseIdentity(key)
    if (identity !== null) found.push(identity)
    else {
      const named = await peer.joining.resolveAlias(text, { signal })
      if (!named.ok) throw new EffigyError(named.error.code, 'nobody is known by that name')
      found.push(named.value.identity)
    }
  }
  return [...new Set(found)]
}

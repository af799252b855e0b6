/**
 * Making sure that somebody is who they say: scanning each other, or comparing a number or its pictures, side by side or in a call.
 *
 *     /p/did:key:…/verify ─▶ my code to be scanned │ scan theirs │ 12 groups of 5 digits, 12 pictures
 *
 * @module
 */
import { type Identity, parseIdentity, safetyPictures } from '@effigy/core'
import type { ComparedSafety } from '@effigy/peer'
import { useLive, usePeer, usePerson } from '@effigy/react'
import { Alert, Button, Center, Group, Loader, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconShieldCheck, IconShieldOff } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { Link, useParams } from 'wouter'
import { NotFound } from '../../app/not-found.tsx'
import { Fault, useFail } from '../../components/fault.tsx'
import { QrCode } from '../../components/qr-code.tsx'
import { QrScan } from '../../components/qr-scan.tsx'
import { ScreenHead } from '../../components/screen-head.tsx'
import { shownName } from '../../components/use-person.ts'
import { useWords } from '../../words/use-words.ts'
import classes from './verify.module.css'
import { words } from './words.ts'

type Way = 'show' | 'scan' | 'number'

export function Screen(): ReactNode {
  const { identity: text = '' } = useParams<{ readonly identity: string }>()
  const identity = parseIdentity(text)
  return identity === null ? <NotFound /> : <Verify key={identity} identity={identity} />
}

function Verify({ identity }: { readonly identity: Identity }): ReactNode {
  const t = useWords(words)
  const peer = usePeer()
  const fail = useFail()
  const person = usePerson(identity)
  const safety = useLive('people.safety', identity)
  const [way, setWay] = useState<Way>('show')
  const [isDifferent, setDifferent] = useState(false)
  // What is compared stays what it was when the person began to read it aloud.
  const [compared, setCompared] = useState<ComparedSafety | null>(null)
  const isOther =
    compared !== null &&
    (compared.identity !== safety.value?.identity || compared.number !== safety.value.number)
  const { value } = person
  if (person.error !== null) return <Fault error={person.error} />
  if (value === null || safety.type === 'pending') {
    return (
      <Center py="xl">
        <Loader aria-label={t('loading')} />
      </Center>
    )
  }
  if (value.isSelf) return <NotFound />
  const name = shownName(value, t('somebody'))
  const back = `/p/${identity}`

  async function scan(text: string): Promise<string | null> {
    const scanned = await peer.people.scan(text, identity)
    return scanned.ok ? null : t(faultWords[scanned.error.code], { name })
  }

  return (
    <Stack>
      <ScreenHead title={<bdi>{t('title', { name })}</bdi>} />
      {value.verified === 'yes' ? (
        <Alert color="green" icon={<IconShieldCheck />} title={t('doneTitle', { name })} role="status">
          <Stack gap="sm" align="start">
            {t('done')}
            <Group>
              <Button size="sm" component={Link} href={back}>
                {t('ready')}
              </Button>
              <Button
                size="sm"
                variant="default"
                onClick={() => void peer.people.setVerified(identity, null).catch(fail)}
              >
                {t('takeBack')}
              </Button>
            </Group>
          </Stack>
        </Alert>
      ) : (
        <Text>{t('why')}</Text>
      )}
      {safety.value === null ? (
        <Alert color="gray" icon={<IconShieldOff />} title={t('notYetTitle')}>
          {t('notYet')}
        </Alert>
      ) : (
        <>
          <SegmentedControl
            fullWidth
            aria-label={t('ways')}
            value={way}
            onChange={(next) => {
              setWay(next as Way)
              setCompared(safety.value)
            }}
            data={[
              { value: 'show', label: t('show') },
              { value: 'scan', label: t('scan') },
              { value: 'number', label: t('number') },
            ]}
          />
          {way === 'show' && (
            <Stack align="center">
              <Text ta="center">{t('showText', { name })}</Text>
              <QrCode text={safety.value.code} label={t('qrLabel', { name })} />
            </Stack>
          )}
          {way === 'scan' && value.verified !== 'yes' && (
            <Stack>
              <Text>{t('scanText', { name })}</Text>
              <QrScan onText={scan} />
            </Stack>
          )}
          {way === 'number' && isOther && (
            <Alert color="red" role="alert" title={t('changedTitle')}>
              <Stack gap="sm" align="start">
                {t('changed', { name })}
                <Button size="sm" variant="default" onClick={() => setCompared(safety.value)}>
                  {t('compareAgain')}
                </Button>
              </Stack>
            </Alert>
          )}
          {way === 'number' && !isOther && compared !== null && (
            <Stack>
              <Text>{t('numberText', { name })}</Text>
              <ol className={classes.pictures} aria-label={t('picturesLabel')} dir="ltr" data-emoji>
                {safetyPictures(compared.number).map(({ emoji }, at) => (
                  <li key={at}>{emoji}</li>
                ))}
              </ol>
              <ol className={classes.digits} aria-label={t('numberLabel')} dir="ltr">
                {groupsOf(compared.number).map((group, at) => (
                  <li key={at}>{group}</li>
                ))}
              </ol>
              {value.verified !== 'yes' && (
                <Group>
                  <Button
                    leftSection={<IconShieldCheck size={20} />}
                    onClick={() => void peer.people.setVerified(identity, compared).catch(fail)}
                  >
                    {t('same')}
                  </Button>
                  <Button variant="default" onClick={() => setDifferent(true)}>
                    {t('different')}
                  </Button>
                </Group>
              )}
              {isDifferent && (
                <Alert color="red" role="alert" title={t('differentTitle')}>
                  {t('differentText')}
                </Alert>
              )}
            </Stack>
          )}
        </>
      )}
    </Stack>
  )
}

const faultWords = {
  'code-foreign': 'foreign',
  'code-damaged': 'damaged',
  'code-version': 'version',
  'code-invite': 'foreign',
  'code-link': 'deviceCode',
  'code-safety': 'foreign',
  'safety-self': 'own',
  'safety-not-them': 'notThem',
  'safety-unknown': 'notThem',
  'safety-moved': 'moved',
  'safety-other-you': 'otherYou',
} as const

/** Five digits each, as they are read aloud. */
function groupsOf(number: string): readonly string[] {
  return number.match(/.{5}/g) ?? []
}

/**
 * Gets a code from another screen: by the camera, from a picture of it, or pasted. Whatever a browser lacks, one way is left.
 *
 *     camera ─┐
 *     file ───┼─ text ▶ onText(text) ─ a string ▶ why it is not the right one, and on we look
 *     paste ──┘
 *
 * @module
 */
import { Alert, Button, FileButton, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconCamera, IconCameraOff, IconPhoto } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { inOne, useFaultWords } from '../faults/use-fault.ts'
import { useWords } from '../words/use-words.ts'
import classes from './qr/qr-code.module.css'
import { readQrFile, watchForQr } from './qr/read-qr.ts'
import { words } from './qr/words.ts'

export interface QrScanProps {
  /** Null: it was taken; else why it was not, in words. Called once at a time. */
  readonly onText: (text: string) => Promise<string | null> | string | null
  /** Of the field to paste into. */
  readonly pasteLabel?: string
}

type Camera =
  | { readonly type: 'asking' }
  | { readonly type: 'on'; readonly stream: MediaStream }
  | { readonly type: 'off'; readonly why: 'denied' | 'none' | 'failed' }

export function QrScan({ onText, pasteLabel }: QrScanProps): ReactNode {
  const t = useWords(words)
  const say = useFaultWords()
  const [camera, again] = useCamera()
  const video = useRef<HTMLVideoElement>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [pasted, setPasted] = useState('')
  const [isBusy, setBusy] = useState(false)
  const newest = useRef(onText)
  useEffect(() => {
    newest.current = onText
  })

  async function take(text: string): Promise<boolean> {
    setBusy(true)
    try {
      const why = await newest.current(text)
      setWrong(why)
      return why === null
    } catch (error) {
      setWrong(inOne(say(error)))
      return false
    } finally {
      setBusy(false)
    }
  }
  const taking = useRef(take)
  useEffect(() => {
    taking.current = take
  })

  const stream = camera.type === 'on' ? camera.stream : null
  useEffect(() => {
    const player = video.current
    if (stream === null || player === null) return
    player.srcObject = stream
    player.play().catch(() => {})
    const over = new AbortController()
    // The same code is looked at once: it stays in view while its answer is read.
    const seen = new Set<string>()
    const look = async (): Promise<void> => {
      for (;;) {
        const text = await watchForQr(player, (each) => !seen.has(each), over.signal)
        if (text === null) return
        seen.add(text)
        if (await taking.current(text)) return
      }
    }
    look().catch(() => {})
    return () => over.abort()
  }, [stream])

  async function readFile(file: File | null): Promise<void> {
    if (file === null) return
    setBusy(true)
    try {
      const text = await readQrFile(file, AbortSignal.timeout(30_000))
      if (text === null) setWrong(t('noCodeInPicture'))
      else await take(text)
    } catch (error) {
      setWrong(inOne(say(error)))
    } finally {
      setBusy(false)
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    void take(pasted)
  }

  return (
    <Stack align="stretch">
      <div className={`${classes.frame} ${camera.type === 'off' ? classes.off : ''}`}>
        {camera.type === 'on' ? (
          <>
            <video ref={video} className={classes.video} muted playsInline aria-label={t('cameraView')} />
            <div className={classes.aim} />
          </>
        ) : (
          <Stack align="center" gap="xs" p="lg" ta="center">
            {camera.type === 'asking' ? <IconCamera size={40} /> : <IconCameraOff size={40} />}
            <Text size="sm">{t(camera.type === 'asking' ? 'cameraAsking' : whyWords[camera.why])}</Text>
            {camera.type === 'off' && camera.why !== 'none' && (
              <Button size="sm" variant="white" onClick={again}>
                {t('cameraAgain')}
              </Button>
            )}
          </Stack>
        )}
      </div>
      {wrong !== null && (
        <Alert color="yellow" role="alert">
          {wrong}
        </Alert>
      )}
      <form onSubmit={submit}>
        <Group align="end" wrap="nowrap" gap="xs">
          <TextInput
            flex={1}
            label={pasteLabel ?? t('paste')}
            value={pasted}
            onChange={({ currentTarget }) => setPasted(currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
          />
          <Button type="submit" variant="default" disabled={pasted.trim() === ''} loading={isBusy}>
            {t('use')}
          </Button>
        </Group>
      </form>
      <FileButton accept="image/*" onChange={(file) => void readFile(file)}>
        {(props) => (
          <Button {...props} fullWidth variant="subtle" leftSection={<IconPhoto size={20} />}>
            {t('fromPicture')}
          </Button>
        )}
      </FileButton>
    </Stack>
  )
}

const whyWords = { denied: 'cameraDenied', none: 'cameraNone', failed: 'cameraFailed' } as const

/** The camera that looks away from the person, for as long as the component is there. */
function useCamera(): readonly [Camera, again: () => void] {
  const [camera, setCamera] = useState<Camera>({ type: 'asking' })
  const [tries, setTries] = useState(0)
  useEffect(() => {
    let isOver = false
    let taken: MediaStream | null = null
    setCamera({ type: 'asking' })
    askCamera().then(
      (stream) => {
        if (isOver) return stop(stream)
        taken = stream
        setCamera({ type: 'on', stream })
      },
      (reason: unknown) => {
        if (!isOver) setCamera({ type: 'off', why: whyNot(reason) })
      },
    )
    return () => {
      isOver = true
      if (taken !== null) stop(taken)
    }
  }, [tries])
  return [camera, () => setTries((count) => count + 1)]
}

async function askCamera(): Promise<MediaStream> {
  // Not there where the page came over plain http.
  const { mediaDevices } = navigator as { readonly mediaDevices?: MediaDevices }
  if (mediaDevices === undefined) throw new DOMException('no camera', 'NotFoundError')
  return mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

function whyNot(reason: unknown): 'denied' | 'none' | 'failed' {
  const name = reason instanceof DOMException ? reason.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'failed'
}

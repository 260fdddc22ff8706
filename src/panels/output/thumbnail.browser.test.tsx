import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import type { OutputPreview } from '#model/task.ts'
import { StreamsProvider } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { FakeEventSource } from '#testing/fake-event-source.ts'
import { mediaHosts } from './media-hosts.ts'
import { Thumbnail } from './thumbnail.tsx'

beforeEach(() => {
  mediaHosts.set([])
  vi.stubGlobal('EventSource', FakeEventSource)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

/** A clip of one colour, as the browser itself records it. */
async function clip(): Promise<string> {
  const canvas = document.createElement('canvas')
  const draw = canvas.getContext('2d')!
  const recorder = new MediaRecorder(canvas.captureStream(30))
  const parts: Blob[] = []
  const recorded = new Promise<void>((resolve) => {
    recorder.ondataavailable = ({ data }) => parts.push(data)
    recorder.onstop = () => {
      resolve()
    }
  })
  recorder.start()
  let frames = 0
  const paint = () => {
    draw.fillStyle = `hsl(${frames * 7} 80% 50%)`
    draw.fillRect(0, 0, canvas.width, canvas.height)
    if (frames++ < 30) requestAnimationFrame(paint)
    else recorder.stop()
  }
  paint()
  await recorded
  return URL.createObjectURL(new Blob(parts, { type: recorder.mimeType }))
}

async function show(preview: Partial<OutputPreview>) {
  const whole: OutputPreview = { kind: 'video', url: null, text: null, provisional: false, ...preview }
  await render(
    <StreamsProvider streams={new Streams({ version: 'test' })}>
      <Thumbnail preview={whole} className="h-16 w-24" />
    </StreamsProvider>,
  )
}

it('shows the first frame of a video, which does not play', async () => {
  await show({ url: await clip() })
  await expect.poll(() => document.querySelector('video:not(.opacity-0)')).not.toBeNull()
  const video = document.querySelector('video')!
  expect(video.readyState).toBeGreaterThanOrEqual(HTMLMediaElement.HAVE_CURRENT_DATA)
  expect([video.paused, video.controls, video.muted]).toEqual([true, false, true])
})

it('loads nothing from a host that nobody allowed', async () => {
  await show({ url: 'http://127.0.0.1:9/clip.mp4' })
  await expect.poll(() => document.querySelector('[title^="Not loaded"]')).not.toBeNull()
  expect(document.querySelector('video, img')).toBeNull()
})

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { unknownTask, type OutputInfo, type Task } from '#model/task.ts'
import { WeirClient } from '#protocols/weir/client.ts'
import { StreamsProvider } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { WeirProvider } from '#streams/weir-client.tsx'
import { FakeEventSource } from '#testing/fake-event-source.ts'
import { ALL_CAPABILITIES, sampleSource } from '#testing/sample-source.ts'
import { mediaHosts } from './media-hosts.ts'
import { OutputPanel } from './output-panel.tsx'

const asked: string[] = []
const earlier = new Map<number, unknown>()
/** What the relay says of the app's schemas, and of the files that are asked for their type. */
const told = { schemas: { input: null, output: null as unknown }, type: null as string | null }

beforeEach(() => {
  asked.length = 0
  earlier.clear()
  told.schemas.output = null
  told.type = null
  mediaHosts.set([])
  vi.stubGlobal('EventSource', FakeEventSource)
  vi.stubGlobal('fetch', (input: string, init?: RequestInit) => {
    const url = new URL(input, location.href)
    asked.push(`${init?.method ?? 'GET'} ${url.pathname}${url.search}`)
    const revision = url.searchParams.get('revision')
    if (revision !== null && !earlier.has(Number(revision)))
      return Promise.resolve(Response.json({ title: 'It is gone', status: 404 }, { status: 404 }))
    if (revision !== null) return Promise.resolve(Response.json(earlier.get(Number(revision)) ?? null))
    if (url.pathname.endsWith('/schemas')) return Promise.resolve(Response.json(told.schemas))
    if (init?.method === 'HEAD' && told.type !== null)
      return Promise.resolve(new Response(null, { headers: { 'content-type': told.type } }))
    if (init?.method === 'HEAD')
      return Promise.resolve(new Response(null, { status: 404, headers: { 'content-type': 'text/html' } }))
    return Promise.resolve(new Response(null, { status: 204 }))
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

function run(value: unknown, part: Partial<OutputInfo> = {}): Task {
  const task = unknownTask('cloud', 'inference', 'run-1', Date.now())
  task.status = 'running'
  const json = JSON.stringify(value)
  const output = {
    revision: 1,
    oldest: 1,
    at: Date.now(),
    provisional: true,
    bytes: json.length,
    json,
    changed: [],
    ...part,
  }
  return { ...task, detail: { ...task.detail, output } }
}

async function show(task: Task) {
  const streams = new Streams({ version: 'test' })
  const capabilities = { ...ALL_CAPABILITIES, start: 'schema' } as const
  streams
    .list('sources')
    .store.setState({ ready: true, items: new Map([['cloud', sampleSource('cloud', { capabilities })]]) })
  const all = (each: Task) => (
    <QueryClientProvider client={client}>
      <StreamsProvider streams={streams}>
        <WeirProvider client={new WeirClient('')}>
          <OutputPanel task={each} compact={false} />
        </WeirProvider>
      </StreamsProvider>
    </QueryClientProvider>
  )
  const client = new QueryClient()
  const screen = await render(all(task))
  return { again: (next: Task) => screen.rerender(all(next)) }
}

async function picture(colour: string): Promise<{ uri: string; content_type: string }> {
  const canvas = document.createElement('canvas')
  canvas.getContext('2d')!.fillStyle = colour
  const blob = await new Promise<Blob>((resolve) => {
    canvas.toBlob((made) => {
      resolve(made!)
    })
  })
  return { uri: URL.createObjectURL(blob), content_type: 'image/png' }
}

it('marks what is provisional and what changed, and steps back and to the newest again', async () => {
  earlier.set(1, { text: 'first words', seed: 7 })
  earlier.set(2, { text: 'second words', seed: 7 })
  const third = run({ text: 'third words', seed: 7 }, { revision: 3, changed: ['text'] })
  const { again } = await show(third)
  await expect.element(page.getByText('Provisional')).toBeVisible()
  const text = page.getByRole('region', { name: 'text' })
  await expect.element(text).toHaveTextContent('changed')
  await expect.element(page.getByRole('region', { name: 'seed' })).not.toHaveTextContent('changed')

  await page.getByRole('button', { name: 'Earlier output' }).click()
  await expect.element(text).toHaveTextContent('second words')
  await expect.element(text).toHaveTextContent('changed')
  await expect.element(page.getByText('An earlier output')).toBeVisible()
  await page.getByRole('button', { name: 'Earlier output' }).click()
  await expect.element(text).toHaveTextContent('first words')
  await expect.element(page.getByRole('button', { name: 'Earlier output' })).toBeDisabled()

  // What comes meanwhile does not take the view away.
  await again(
    run({ text: 'fourth words', seed: 8 }, { revision: 4, changed: ['text', 'seed'], provisional: false }),
  )
  await expect.element(text).toHaveTextContent('first words')
  await expect.element(page.getByText('1 of 4')).toBeVisible()
  await page.getByRole('button', { name: 'Newest' }).click()
  await expect.element(text).toHaveTextContent('fourth words')
  await expect.element(page.getByText('Final output')).toBeVisible()
})

it('keeps what it shows when the next output cannot be read, and says so', async () => {
  const { again } = await show(run({ text: 'first words' }))
  const text = page.getByRole('region', { name: 'text' })
  await expect.element(text).toHaveTextContent('first words')
  // Too large to come with the task: it is read apart, and cannot be.
  await again(run(null, { revision: 2, json: null, bytes: 500_000 }))
  await expect
    .element(page.getByRole('alert'))
    .toHaveTextContent('Output 2 cannot be read: It is gone What you see is output 1.')
  await expect.element(text).toHaveTextContent('first words')
  earlier.set(2, { text: 'second words' })
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.element(text).toHaveTextContent('second words')
  expect(page.getByRole('alert').elements()).toEqual([])
})

it('asks before media load from a host that is not known, and remembers', async () => {
  const { again } = await show(run({ image: 'http://127.0.0.1:9/foreign.png', text: 'beside' }))
  const allow = page.getByRole('button', { name: 'Allow 127.0.0.1:9' })
  await expect.element(allow).toBeVisible()
  expect(document.querySelector('img')).toBeNull()
  await allow.click()
  await expect.poll(() => document.querySelector('img')?.src).toBe('http://127.0.0.1:9/foreign.png')
  expect(mediaHosts.get()).toEqual(['127.0.0.1:9'])
  await again(run({ image: 'http://127.0.0.1:9/other.png' }, { revision: 2 }))
  await expect.poll(() => document.querySelector('img')?.src).toBe('http://127.0.0.1:9/other.png')
})

it('says in words why a picture cannot be shown, and keeps the one before', async () => {
  const good = await picture('red')
  const { again } = await show(run({ image: good }))
  await expect.element(page.getByRole('button', { name: 'Enlarge image' })).toBeEnabled()
  const height = document.querySelector('section')!.getBoundingClientRect().height
  await again(run({ image: '/api/files/gone.png' }, { revision: 2, changed: ['image'] }))
  await expect.element(page.getByText('The file is not there (404).', { exact: false })).toBeVisible()
  expect(document.querySelector<HTMLImageElement>('img:not(.opacity-0)')?.src).toBe(good.uri)
  expect(document.querySelector('section')!.getBoundingClientRect().height).toBe(height)
})

it('shows a large file by its size until somebody wants it', async () => {
  const large = { ...(await picture('blue')), size: 200_000_000, filename: 'large.png' }
  await show(run({ image: large }))
  await expect.element(page.getByText('200 MB', { exact: false }).first()).toBeVisible()
  expect(document.querySelector('img')).toBeNull()
  await page.getByRole('button', { name: 'Load 200 MB' }).click()
  await expect.poll(() => document.querySelector('img')?.src).toBe(large.uri)
})

it('makes no link or medium of any other scheme, nor of HTML in Markdown', async () => {
  const text = [
    '# Title',
    '<img src=x onerror=alert(1)><script>alert(1)</script>',
    '[bad](javascript:alert(1)) [mail](mailto:a@b.example) [good](https://a.example/x)',
    '![p](data:image/png;base64,AAAA) ![q](http://127.0.0.1:9/q.png)',
  ].join('\n\n')
  await show(run({ text, file: 'javascript:alert(1)//a.png', other: { uri: 'data:text/html,x' } }))
  await expect.element(page.getByRole('heading', { name: 'Title' })).toBeVisible()
  const links = [...document.querySelectorAll('a')].map((link) => [link.getAttribute('href'), link.rel])
  expect(links.filter(([href]) => !href?.startsWith('/api/tasks'))).toEqual([
    ['https://a.example/x', 'noopener noreferrer nofollow'],
  ])
  expect(document.querySelectorAll('section :is(img, script, iframe, object)')).toHaveLength(0)
  await expect.element(page.getByRole('button', { name: 'Allow 127.0.0.1:9' })).toBeVisible()
})

it.each([
  ['nested lists', '* 1. '.repeat(2_000)],
  ['more of them', '* 1. '.repeat(4_000)],
  ['quotes and lists', '> * 1. '.repeat(3_000)],
  ['brackets', `- x\n\n${'['.repeat(50_000)}`],
  ['halves of links', `- x\n\n${'[]('.repeat(15_000)}`],
  ['stars', `- x\n\n${'**a '.repeat(10_000)}`],
  ['many parts', '- a\n'.repeat(10_000)],
])('is not held by Markdown of any nesting: %s', async (_, hostile) => {
  await show(run({ text: hostile, other: '# After' }))
  await expect.element(page.getByRole('heading', { name: 'After' })).toBeVisible()
  // Some of them are laid out in time: then they are shown, and nothing is said.
  await expect
    .poll(() => document.querySelector('section')!.textContent.length)
    .toBeGreaterThan(hostile.length / 3)
})

it('shows the error beside what there was by then', async () => {
  const task = run({ text: 'half a story' }, { provisional: true })
  task.status = 'failed'
  task.error = { type: 'TaskFailed', message: 'out of memory', origin: null, at: null, traceback: null }
  await show(task)
  await expect.element(page.getByText('out of memory')).toBeVisible()
  await expect.element(page.getByText('half a story')).toBeVisible()
})

it('enlarges pictures, turns pages and gives the focus back', async () => {
  const pictures = await Promise.all(['red', 'green', 'blue'].map(picture))
  await show(run({ pictures }))
  const second = page.getByRole('button', { name: 'Enlarge pictures, 2 of 3' })
  await expect.element(second).toBeEnabled()
  await second.click()
  await expect.element(page.getByRole('dialog', { name: 'pictures, 2 of 3' })).toBeVisible()
  await userEvent.keyboard('{ArrowRight}')
  await expect.element(page.getByRole('dialog', { name: 'pictures, 3 of 3' })).toBeVisible()
  await userEvent.keyboard('{ArrowRight}')
  await expect.element(page.getByRole('dialog', { name: 'pictures, 1 of 3' })).toBeVisible()
  await userEvent.keyboard('{Escape}')
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  await expect.element(second).toHaveFocus()
})

it('knows files by the schema of the app, also inside lists and objects', async () => {
  const file = { type: 'string', format: 'file' }
  told.schemas.output = {
    properties: {
      clip: { ...file, contentMediaType: 'video/mp4' },
      scenes: { type: 'array', items: { properties: { shot: { type: 'string', format: 'image' } } } },
    },
  }
  const blob = async (colour: string) => (await picture(colour)).uri
  const scenes = [
    { title: 'one', shot: await blob('red') },
    { title: 'two', shot: await blob('green') },
  ]
  const task = run({ clip: 'http://127.0.0.1:9/made/1', scenes })
  task.type = 'a/b'
  await show(task)
  await expect.element(page.getByRole('button', { name: 'Enlarge scenes, 2 of 2' })).toBeEnabled()
  // The data around them stays.
  await expect.element(page.getByRole('region', { name: 'scenes, data' })).toHaveTextContent('two')
  // A video of a foreign host is known for one, and is not loaded.
  await expect
    .element(page.getByRole('region', { name: 'clip' }).getByRole('button', { name: 'Allow 127.0.0.1:9' }))
    .toBeVisible()
  expect(document.querySelector('video')).toBeNull()
  expect(asked.filter((each) => each.startsWith('HEAD'))).toEqual([])
})

it('asks the relay what a file without an ending is', async () => {
  told.type = 'audio/wav'
  await show(run({ made: 'https://cloud.inference.sh/app/files/t/abcdefgh/12345678' }))
  await expect.poll(() => document.querySelector('audio')?.getAttribute('src')).toMatch(/^\/api\/files\?url=/)
  expect(asked).toContain(
    'HEAD /api/files?url=https%3A%2F%2Fcloud.inference.sh%2Fapp%2Ffiles%2Ft%2Fabcdefgh%2F12345678',
  )
})

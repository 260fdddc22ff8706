import { createParser } from 'eventsource-parser'
import { describe, expect, test } from 'vitest'
import { LabDaemonClient } from './client.ts'
import { LabDaemonError } from './errors.ts'
import { parsePythonJson } from './json.ts'
import { outcomeOf } from './outcome.ts'
import { decodeProgress } from './progress.ts'
import { resultText } from './result-text.ts'
import { streamErrorBody } from './schemas.ts'

interface Recording {
  file: string
  request: { method?: string; path?: string; body?: Record<string, unknown>; raw?: string; raw_body?: string }
  response: { status?: number; 'content-type'?: string | null }
}

const texts = import.meta.glob<string>('../../testing/wire/labdaemon/*', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const text = (name: string) => texts[`../../testing/wire/labdaemon/${name}`]!
const index = JSON.parse(text('index.json')) as { files: Recording[] }
/** burst-timing.json is a measurement, not an exchange. */
const files = index.files.filter(({ file }) => file !== 'burst-timing.json')

/** A client whose server answers with one recording. */
function clientFor({ file, response }: Recording): LabDaemonClient {
  return new LabDaemonClient('http://lab.test', () => {
    const type = response['content-type']
    return Promise.resolve(
      new Response(text(file), {
        status: response.status ?? 200,
        headers: type ? { 'content-type': type } : {},
      }),
    )
  })
}

/** The client's function for a recorded request; null for what no client asks. */
function call(
  client: LabDaemonClient,
  { method, path = '', body }: Recording['request'],
): Promise<unknown> | null {
  const [, kind, id = '', act, rest] = path.split('/')
  if (method === 'GET' && path === '/') return client.root()
  if (method === 'GET' && path === '/health') return client.health()
  if (kind === 'tasks') {
    if (method === 'GET') {
      if (!id) return path === '/tasks' ? client.tasks() : null
      return act === 'error' ? client.taskError(id) : client.task(id)
    }
    if (!id) return client.start('x', 'y', body ?? {})
    if (act === 'cancel' || act === 'pause' || act === 'resume') return client.steer(id, act)
    return act === 'parameters' ? client.setParameter(id, 'k', 1) : null
  }
  if (kind === 'devices') {
    if (method === 'GET') {
      if (!id) return client.devices()
      if (act === 'methods') return client.methods(id)
      return act === 'error' ? client.deviceError(id) : client.device(id)
    }
    if (!id) return client.addDevice('x', 'y', {})
    if (act === 'connect') return client.connect(id)
    if (act === 'disconnect') return client.disconnect(id)
    if (act === 'call') return client.call(id, 'm', [], {})
    return act === 'stream' && rest === 'stop' ? client.stopStream(id) : null
  }
  return null
}

describe('REST recordings', () => {
  const rest = files.filter(
    ({ file, request }) => /\.(json|txt)$/.test(file) && request.path && !file.startsWith('stream-404'),
  )
  test.each(rest.filter(({ response }) => response.status === 200))('$file is read', async (recording) => {
    const asked = call(clientFor(recording), recording.request)
    expect(asked, 'a function for it').not.toBeNull()
    await expect(asked).resolves.toBeDefined()
  })
  test.each(rest.filter(({ response }) => (response.status ?? 0) >= 400))(
    '$file is an error with words',
    async (recording) => {
      const asked = call(clientFor(recording), recording.request) ?? clientFor(recording).tasks()
      const error = await asked.then(
        () => null,
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(LabDaemonError)
      const { kind, status, type, message } = error as LabDaemonError
      expect(status).toBe(recording.response.status)
      expect(['refused', 'framework', 'crashed']).toContain(kind)
      if (kind === 'refused') {
        const { error: said } = JSON.parse(text(recording.file)) as {
          error: { type: string; message: string }
        }
        expect({ type, message }).toEqual({ type: said.type, message: said.message })
      }
      expect(message).not.toBe('')
    },
  )
})

test('a 409 names the owner, from its context or from its words', async () => {
  const owner = async (file: string) => {
    const recording = files.find((each) => each.file === file)!
    const error = await call(clientFor(recording), recording.request)!.catch((reason: unknown) => reason)
    return (error as LabDaemonError).owner
  }
  expect(await owner('call-409.json')).toBe('sweep-1')
  expect(await owner('device-disconnect-409.json')).toBe('sweep-1')
  expect(await owner('task-start-409-device.json')).toBe('sweep-1')
  expect(await owner('task-start-409-exists.json')).toBeNull()
})

test.each([
  ['<!DOCTYPE html><html>no</html>', 'an HTML page'],
  ['[1]', '“[1]”'],
  ['', 'an empty body'],
])('an answer that is no LabDaemon’s is named: %j', async (body, words) => {
  const client = new LabDaemonClient('http://lab.test', () => Promise.resolve(new Response(body)))
  await expect(client.tasks()).rejects.toMatchObject({ kind: 'foreign' })
  await expect(client.tasks()).rejects.toThrow(words)
})

test('rows with ids that cannot be addressed stay; one that cannot be read costs itself alone', async () => {
  const body = {
    tasks: [
      { task_id: 7, task_type: 'A', running: true },
      { task_id: '7', task_type: 'A', running: true },
      { task_id: true, task_type: 'A', running: true },
      { task_id: '..', task_type: 'A', running: true },
      { task_id: '\ud800', task_type: 'A', running: true },
      { task_id: 'no-type', running: true },
      null,
      { task_id: 'a', task_type: 'A', running: true },
    ],
  }
  const asked: string[] = []
  const client = new LabDaemonClient('http://lab.test', (url) => {
    asked.push(url)
    return Promise.resolve(Response.json(body))
  })
  const { rows, unread } = await client.tasks()
  const ids = ['7 (number)', '7', 'true', '..', '\ud800', 'a']
  expect(rows.map((row) => row.task_id)).toEqual(ids)
  expect(unread).toMatchObject([
    { item: 'no-type', why: expect.stringContaining('task_type') as string },
    { item: 'number 7 of the list' },
  ])
  const why = ids.map((id) => client.whyNoTask(id))
  expect(why).toEqual([
    expect.stringContaining('number'),
    null,
    expect.stringContaining('boolean'),
    expect.stringContaining('another place'),
    expect.stringContaining('half a character'),
    null,
  ])
  // The stream of “..” has a name of its own.
  expect(client.whyNoStream('..')).toBeNull()
  for (const id of ids.filter((_, i) => why[i] !== null)) {
    await expect(client.task(id)).rejects.toMatchObject({ kind: 'unaddressable' })
    await expect(client.steer(id, 'cancel')).rejects.toMatchObject({ kind: 'unaddressable' })
  }
  expect(asked).toHaveLength(1)
})

describe('outcomes (LabDaemon wire contract §5.7)', () => {
  const outcome = async (file: string, asked = false, reachedEnd = false) => {
    const recording = files.find((each) => each.file === file)!
    const read = await clientFor(recording).task('x')
    return outcomeOf(read.task, read.text, asked, reachedEnd)
  }
  test.each([
    ['task-completed.json', false, 'completed', false],
    ['task-completed-null.json', false, 'completed', false],
    ['task-completed-string.json', false, 'completed', false],
    ['task-completed-with-error.json', false, 'completed', false],
    ['task-failed.json', false, 'failed', false],
    ['task-cancelled.json', true, 'cancelled', false],
    ['task-cancelled-raised.json', true, 'cancelled', false],
    ['task-cancelled-silent.json', true, 'cancelled', true],
    ['task-cancelled-silent.json', false, 'completed', false],
    ['task-cancel-ignored.json', true, 'completed', false],
  ])('%s, cancel asked %s → %s', async (file, asked, status, inferred) => {
    expect(await outcome(file, asked)).toMatchObject({ status, inferred })
  })
  test('a silent end at the last step after cancel was asked is a completion', async () => {
    expect(await outcome('task-cancelled-silent.json', true, true)).toMatchObject({
      status: 'completed',
      inferred: true,
    })
  })
  test('the result is kept as the server wrote it', () => {
    const body =
      '{"task_id":"a","task_type":"T","running":false,"result":{"n":9007199254740993,",\\"exception\\":":1},"exception":null}'
    expect(resultText(body, 'exception')).toBe('{"n":9007199254740993,",\\"exception\\":":1}')
  })
})

describe('stream recordings', () => {
  const streams = files.filter(({ file }) => file.endsWith('.sse'))
  const read = (file: string) => {
    const events: { event: string | undefined; data: string }[] = []
    createParser({ onEvent: ({ event, data }) => events.push({ event, data }) }).feed(text(file))
    return events
  }
  test.each(streams)('$file is read whole', ({ file }) => {
    const events = read(file)
    expect(events.length).toBeGreaterThan(0)
    for (const { event, data } of events) {
      if (event === 'stream_error') expect(streamErrorBody.safeParse(JSON.parse(data)).success).toBe(true)
      else expect(() => parsePythonJson(data)).not.toThrow()
    }
  })
  const progress = (file: string) =>
    read(file).flatMap(({ event, data }) =>
      event === 'device_data' ? [decodeProgress(parsePythonJson(data))] : [],
    )

  test('progress is taken as sent', () => {
    const steps = progress('stream-progress.sse')
    expect(steps).toHaveLength(40)
    expect(steps.at(-1)).toEqual({ step: 39, total: 40, percent: 97.5, message: 'Processing step 39/40' })
  })
  test('payloads that do not fit the usual shape are read as far as they go', () => {
    expect(progress('stream-odd-progress.sse')).toEqual([
      { step: null, total: null, percent: null, message: 'no numbers yet' },
      { step: 0, total: null, percent: 0, message: 'nothing to count' },
      { step: 3, total: 10, percent: null, message: 'percent missing' },
      { step: null, total: null, percent: 40, message: 'steps missing' },
      { step: 5, total: 10, percent: null, message: null },
      { step: 6, total: 10, percent: 60, message: '6' },
      { step: 12, total: 10, percent: 120, message: 'past the end' },
      { step: -1, total: 10, percent: -10, message: 'before the start' },
      { step: 2, total: 10, percent: 20, message: 'started over' },
      { step: 2 ** 60, total: 2 ** 61, percent: 50, message: 'beyond 2^53' },
      { step: 3, total: 10, percent: 30, message: 'an array' },
      { step: 4, total: 10, percent: 40, message: 'nested' },
      ...Array<null>(8).fill(null),
    ])
  })
  test('the documented envelope is read like the bare payload', () => {
    const payload = { step: 1, total: 2, progress_percent: 50, message: 'm' }
    expect(decodeProgress({ event: 'device_data', device_id: 'd', sequence: 4, payload })).toEqual(
      decodeProgress(payload),
    )
  })
  test('hostile texts arrive unchanged', () => {
    const messages = progress('stream-hostile.sse').map((each) => each?.message)
    expect(messages).toContain("<script>window.__pwned = 'script'</script>")
    expect(messages.some((message) => message?.includes('\u001b['))).toBe(true)
  })
  test('NaN and Infinity are numbers, in strings they are text', () => {
    const first = parsePythonJson(read('stream-nan.sse')[0]!.data)
    expect(first).toEqual({ n: 0, value: Number.NaN, up: Infinity, down: -Infinity, ok: 1.5 })
    expect(parsePythonJson('{"a": "NaN, \\"Infinity", "b": NaN}')).toEqual({
      a: 'NaN, "Infinity',
      b: Number.NaN,
    })
    expect(() => parsePythonJson('{"a": NaNa}')).toThrow(SyntaxError)
  })
})

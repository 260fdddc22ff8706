import { createParser } from 'eventsource-parser'
import { describe, expect, test } from 'vitest'
import type { TaskStatus } from '#model/status.ts'
import type { LogChannel, TaskChange } from './changes.ts'
import { mergeDelta } from './delta.ts'
import { FlowRunReader } from './flow-run-reader.ts'
import { readLine, readSse, type WireLine } from './lines.ts'
import { LineSplitter } from './ndjson.ts'
import { fieldSchema, fileOf, filesIn, isFileSchema, itemSchema, kindOf, resolveSchema } from './output.ts'
import { isOwnHost } from './own-host.ts'
import { statusWireName } from './status.ts'
import { TaskReader } from './task-reader.ts'
import type { WireRecord } from './values.ts'

interface Expected {
  id: string
  statuses: string[]
  final: string
  output: unknown
  error?: string | null
  logs?: Record<string, string> & { lines?: string[]; text?: string }
  input?: unknown
  app?: string
  progress?: { current: number; total: number }
  deltas?: { response: string; seq: [number, number] }
  kinds?: Record<string, string | string[]>
}

const texts = import.meta.glob<string>('../../testing/wire/inference/*', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const text = (name: string) => texts[`../../testing/wire/inference/${name}`]!
const { files } = JSON.parse(text('expected.json')) as { files: Record<string, Expected> }
const hostile = JSON.parse(text('task-hostile.expected.json')) as {
  id: string
  final: {
    status: string
    output: unknown
    logs: Record<string, string>
    malformed_lines: number
    foreign_lines: number
  }
  lines: { line: number; what: string; expect: string }[]
}

const NOW = Date.UTC(2026, 9, 2, 9, 20)

/** Lines of a recording as its reader gets them, cut into chunks of `size` bytes. */
function wireLines(name: string, size = Infinity): WireLine[] {
  const bytes = new TextEncoder().encode(text(name))
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size)
    chunks.push(bytes.subarray(at, Math.min(bytes.length, at + size)))
  if (name.endsWith('.sse')) {
    const lines: WireLine[] = []
    const parser = createParser({ onEvent: ({ event, data }) => lines.push(readSse(event, data)) })
    const decoder = new TextDecoder()
    for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }))
    return lines
  }
  const splitter = new LineSplitter()
  const found = chunks.flatMap((chunk) => splitter.push(chunk))
  const rest = splitter.end()
  return [...found, ...(rest ? [rest] : [])].map((line) => readLine('text' in line ? line.text : ''))
}

/** What a reader's changes come to: what the relay would hold. */
class Held {
  readonly statuses: TaskStatus[] = []
  readonly logs = new Map<LogChannel, string>()
  readonly changes: TaskChange[] = []
  output: unknown = {}
  provisional: boolean | null = null
  error: string | null = null
  progress: Extract<TaskChange, { k: 'progress' }> | null = null
  meta: Record<string, unknown> = {}
  missed: (number | null)[] = []
  done = 0

  take(changes: readonly TaskChange[]): this {
    for (const change of changes) {
      this.changes.push(change)
      switch (change.k) {
        case 'status':
          this.statuses.push(change.status)
          break
        case 'lines':
          this.logs.set(change.channel, (this.logs.get(change.channel) ?? '') + change.text)
          break
        case 'log-replaced':
          this.logs.set(change.channel, change.text)
          break
        case 'output':
          this.output = change.value
          this.provisional = change.provisional
          break
        case 'error':
          if (change.origin === 'task') this.error = change.message
          break
        case 'progress':
          this.progress = change
          break
        case 'meta':
          Object.assign(this.meta, change.meta)
          break
        case 'delta-gap':
          this.missed.push(change.missed)
          break
        case 'done':
          if (change.final) this.done += 1
          break
        case 'delta':
        case 'heartbeat':
        case 'malformed':
          break
        default:
          change satisfies never
      }
    }
    return this
  }
}

function play(id: string, lines: readonly WireLine[], reader = new TaskReader(id), held = new Held()) {
  for (const line of lines) held.take(reader.line(line, NOW))
  return { reader, held }
}

const CHANNELS: Record<string, LogChannel> = {
  0: 'build',
  1: 'run',
  2: 'serve',
  3: 'setup',
  4: 'task',
  9: 'type 9',
}

function byChannel(logs: Record<string, string>) {
  return Object.fromEntries(Object.entries(logs).map(([type, content]) => [CHANNELS[type], content]))
}

function expectedLogs({ logs }: Expected) {
  const { lines, text: whole, ...types } = logs ?? {}
  if (lines) return { task: lines.map((line) => `${line}\n`).join('') }
  return whole === undefined ? byChannel(types) : { task: whole }
}

function expectHeld(held: Held, expected: Expected) {
  expect(held.statuses.map(statusWireName)).toEqual(expected.statuses)
  expect(held.statuses.at(-1)).toBe(expected.final)
  expect(held.output ?? {}).toEqual(expected.output)
  expect(held.error).toBe(expected.error ?? null)
  expect(Object.fromEntries(held.logs)).toEqual(expectedLogs(expected))
  expect(held.done).toBe(1)
  expect(held.changes.at(-1)).toEqual({ k: 'done', final: true })
}

/** What only some recordings are expected to tell. */
function factsOf({ held, reader }: { held: Held; reader: TaskReader }) {
  const seqs = held.changes.flatMap((change) => (change.k === 'delta' ? [change.seq] : []))
  return {
    input: held.meta['input'],
    app: held.meta['app'],
    progress: { current: held.progress?.step, total: held.progress?.total },
    deltas: { ...reader.deltas, seq: [seqs[0], seqs.at(-1)] },
  }
}

const streams = Object.keys(files).filter(
  (name) => name.startsWith('task-') && !/hostile|reconnect/.test(name),
)

describe('recordings of tasks', () => {
  test.each(streams)('%s comes to what is expected', (name) => {
    const expected = files[name]!
    const { held, reader } = play(expected.id, wireLines(name))
    expectHeld(held, expected)
    expect(reader.malformed).toBe(0)
    expect(reader.foreign).toBe(0)
    expect(held.missed).toEqual([])
    const { input, app, progress, deltas } = expected
    const facts = Object.entries({ input, app, progress, deltas }).filter(([, fact]) => fact !== undefined)
    expect(factsOf({ held, reader })).toMatchObject(Object.fromEntries(facts))
  })

  test.each(streams.flatMap((name) => [1, 7, 64, 4_093].map((size) => [name, size] as const)))(
    '%s in chunks of %d bytes is the same',
    (name, size) => {
      expect(wireLines(name, size)).toEqual(wireLines(name))
    },
  )

  test.each(streams)('%s read whole at its end tells nothing twice', (name) => {
    const { held, reader } = play(files[name]!.id, wireLines(name))
    expect(reader.read(reader.task, NOW)).toEqual([])
    expect(held.done).toBe(1)
  })

  test('statuses carry the service’s time', () => {
    const { held } = play(files['task-image.ndjson']!.id, wireLines('task-image.ndjson'))
    const entered = held.changes.flatMap((change) => (change.k === 'status' ? [change] : []))
    expect(entered.every(({ clock }) => clock === 'server')).toBe(true)
    expect(entered.map(({ at }) => new Date(at).toISOString().slice(17, 23))).toEqual([
      '03.120',
      '03.200',
      '03.730',
      '03.850',
      '05.020',
      '08.520',
      '12.140',
      '16.530',
      '17.190',
    ])
    expect(entered.map(({ raw }) => raw)).toEqual([1, 2, 3, 4, 5, 6, 7, 9, 10])
    expect(held.meta['timings']).toHaveLength(9)
    expect(held.meta['usage']).toHaveLength(1)
    expect(held.progress).toMatchObject({ percent: 100, step: 28, total: 28, origin: 'log' })
  })

  test('a partial that carries a whole object counts only by its fields', () => {
    const { reader } = play(files['task-image.ndjson']!.id, wireLines('task-image.ndjson').slice(0, 2))
    expect(reader.status).toBe('queued')
    expect(reader.task['input']).toEqual(files['task-image.ndjson']!.input)
  })

  test('output is provisional until the task has completed, and says what changed', () => {
    const { held } = play(files['task-text.ndjson']!.id, wireLines('task-text.ndjson'))
    const outputs = held.changes.flatMap((change) => (change.k === 'output' ? [change] : []))
    expect(outputs.map(({ provisional }) => provisional)).toEqual([true, true, true, false])
    expect(outputs.map(({ changedFields }) => changedFields)).toEqual([
      // What came in pieces before stands beside it, until the task has completed.
      ['text', 'progress', 'response'],
      ['text', 'progress', 'response'],
      ['text', 'progress', 'response'],
      ['words', 'score', 'ok', 'tags', 'detail', 'response'],
    ])
    expect(held.progress).toMatchObject({ percent: 100, origin: 'output' })
  })

  test('the documented dialect: partial output, then the output in its place', () => {
    const { held } = play(files['task-seed.sse']!.id, wireLines('task-seed.sse'))
    const outputs = held.changes.flatMap((change) => (change.k === 'output' ? [change] : []))
    expect(outputs.map(({ provisional }) => provisional)).toEqual([true, false])
    expect(outputs[1]!.changedFields).toEqual(['video', 'preview'])
    expect(held.changes.flatMap((change) => (change.k === 'progress' ? [change.percent] : []))).toEqual([
      25, 50, 75, 100,
    ])
  })

  test('once somebody asked to cancel, 8 is cancelling in every dialect', () => {
    const reader = new TaskReader('t')
    reader.line(readLine('{"id":"t","status":7,"progress":{"current":1,"total":4}}'), NOW)
    reader.cancelAsked()
    reader.line(readLine('{"id":"t","status":8}'), NOW)
    expect(reader.status).toBe('cancelling')
  })
})

test('kinds of output values', () => {
  const { output, kinds } = files['task-files.ndjson'] as {
    output: Record<string, unknown>
    kinds: Record<string, string | string[]>
  }
  const found = Object.keys(kinds).map((field) => {
    const value = output[field]
    const kind = kindOf(value)
    return [field, kind === 'list' ? (value as unknown[]).map((item) => kindOf(item)) : kind]
  })
  expect(Object.fromEntries(found)).toEqual(kinds)
  expect(fileOf(output['signed'])).toMatchObject({ name: '2ba3x3h6.png', url: output['signed'] })
  expect(fileOf(output['video'])).toMatchObject({
    name: 'weir.mp4',
    size: 8_493_442,
    contentType: 'video/mp4',
  })
})

describe('a reconnection', () => {
  const expected = { ...files['task-reconnect.2.ndjson']! }
  const first = wireLines('task-reconnect.1.ndjson')
  const second = wireLines('task-reconnect.2.ndjson')

  test('breaks within a line', () => {
    expect(first.at(-1)).toMatchObject({ shape: 'malformed', why: 'JSON that is cut short' })
  })

  test.each(['the first snapshot', 'a full read'])('heals by %s; only deltas are missing', (by) => {
    const { reader, held } = play(expected.id, first.slice(0, -1))
    expect(held.missed).toEqual([])
    reader.cut()
    const [snapshot] = second
    if (by === 'a full read')
      held.take(reader.read((snapshot as Extract<WireLine, { shape: 'snapshot' }>).data, NOW))
    play(expected.id, second, reader, held)
    expectHeld(held, expected)
    expect(held.missed).toEqual([3])
  })

  const whole = ['task-image.ndjson', 'task-failed.ndjson', 'task-cancelled.ndjson', 'task-files.ndjson']
  test.each(whole.flatMap((name) => wireLines(name).map((_, after) => [name, after] as const)))(
    '%s lost after line %d and read at its end is told with all it passed through',
    (name, after) => {
      const lines = wireLines(name)
      const { task } = play(files[name]!.id, lines).reader
      const logs = lines.flatMap((line) =>
        line.shape === 'partial' && Array.isArray(line.data['logs']) ? [line.data['logs'] as unknown] : [],
      )
      const { reader, held } = play(files[name]!.id, lines.slice(0, after))
      reader.cut()
      held.take(reader.read({ ...task, logs: logs.at(-1) ?? [] }, NOW))
      expectHeld(held, files[name]!)
      expect(held.missed).toEqual([])
    },
  )

  test('deltas without numbers leave a doubt', () => {
    const reader = new TaskReader('t')
    const delta = readLine('{"event":"delta","data":{"delta":{"response":"a"}}}')
    const held = new Held().take(reader.line(delta, NOW))
    reader.cut()
    held.take(reader.line(delta, NOW))
    expect(held.missed).toEqual([null])
    reader.cut()
    held.take(reader.read({ id: 't', status: 10 }, NOW))
    expect(held.missed).toEqual([null, null])
  })

  test('lines that were collected are not told again by a replay', () => {
    const reader = new TaskReader('t')
    const held = new Held()
    const logs = (...lines: string[]) => readLine(JSON.stringify({ id: 't', status: 7, logs: lines }))
    play('t', [logs('a'), logs('b', 'b')], reader, held)
    reader.cut()
    play('t', [logs('a', 'b', 'b', 'c'), logs('d'), logs('d')], reader, held)
    expect(held.logs.get('task')).toBe('a\nb\nb\nc\nd\nd\n')
  })
})

describe('finished tasks', () => {
  const finished = () => {
    const reader = new TaskReader('t')
    reader.line(
      readLine('{"id":"t","status":10,"output":{"a":1},"updated_at":"2026-10-02T09:14:03.000100Z"}'),
      NOW,
    )
    return reader
  }
  test('are left only by a full read', () => {
    const reader = finished()
    const revived = { id: 't', status: 7, updated_at: '2026-10-02T09:14:04Z' }
    expect(reader.line(readLine(JSON.stringify(revived)), NOW)).toEqual([])
    expect(reader.line(readLine(JSON.stringify({ ...revived, status: 11 })), NOW)).toEqual([])
    expect(reader.status).toBe('completed')
    expect(new Held().take(reader.read(revived, NOW)).statuses).toEqual(['running'])
    expect(new Held().take(reader.read({ ...revived, status: 10 }, NOW))).toMatchObject({ done: 1 })
  })
  test('microseconds decide which of two lines is late', () => {
    const reader = finished()
    const late = { id: 't', output: { a: 2 }, updated_at: '2026-10-02T09:14:03.000099Z' }
    expect(reader.read(late, NOW)).toEqual([])
    expect(reader.read({ ...late, updated_at: '2026-10-02T09:14:03.000101Z' }, NOW)).toHaveLength(1)
  })
  test('a time far ahead does not make all that follows late', () => {
    const reader = new TaskReader('t')
    reader.line(readLine('{"id":"t","status":7,"updated_at":"9999-01-01T00:00:00Z"}'), NOW)
    reader.line(readLine('{"id":"t","status":10,"updated_at":"2026-10-02T09:14:03Z"}'), NOW)
    expect(reader.status).toBe('completed')
  })
  test('timings settle what a number of old left open', () => {
    const reader = new TaskReader('t')
    reader.line(readLine('{"id":"t","status":9}'), NOW)
    const held = new Held().take(
      reader.readTimings({ events: [{ status: 'completed', timestamp: '2026-10-02T09:14:17Z' }] }, NOW),
    )
    expect(held.statuses).toEqual(['completed'])
    expect(held.done).toBe(1)
  })
  test('a farewell before the end is no end', () => {
    const reader = new TaskReader('t')
    reader.line(readLine('{"id":"t","status":7}'), NOW)
    expect(reader.line(readSse('done', '{}'), NOW)).toEqual([{ k: 'done', final: false }])
    expect(reader.status).toBe('running')
  })
})

const hostileRaw = text('task-hostile.ndjson').split('\n')
const hostileReader = new TaskReader(hostile.id)
const hostileHeld = new Held()
const hostileStatus = () => hostileReader.status && statusWireName(hostileReader.status)
const steps = hostileRaw.map((line, index) => {
  const before = {
    malformed: hostileReader.malformed,
    foreign: hostileReader.foreign,
    status: hostileStatus(),
  }
  const wire = readLine(line)
  const changes = hostileReader.line(wire, NOW)
  hostileHeld.take(changes)
  return {
    line: index + 1,
    wire,
    changes,
    before,
    after: { malformed: hostileReader.malformed, foreign: hostileReader.foreign, status: hostileStatus() },
    log: hostileHeld.logs.get('task'),
    output: hostileReader.output,
  }
})

type Step = (typeof steps)[number]
const told = ({ changes }: Step) => changes.map(({ k }) => k)
const nothing = (each: Step) => {
  expect(told(each)).toEqual([])
  expect(each.after).toEqual(each.before)
}
const status = (wanted: string) => (each: Step) => {
  expect(each.after.status).toBe(wanted)
}
const log = (wanted: string) => (each: Step) => {
  expect(each.log).toBe(wanted)
}

/** How a line is checked, by what is expected of it; the first that fits. */
const CHECKS: [RegExp | number, (each: Step) => void][] = [
  [
    /^count as malformed/,
    (each) => {
      expect(told(each)).toEqual(['malformed'])
      expect(each.after).toEqual({ ...each.before, malformed: each.before.malformed + 1 })
    },
  ],
  [
    /^liveness/,
    (each) => {
      expect(told(each)).toEqual(['heartbeat'])
      expect(each.after).toEqual(each.before)
    },
  ],
  [
    /count as foreign/,
    (each) => {
      expect(told(each)).toEqual([])
      expect(each.after).toEqual({ ...each.before, foreign: each.before.foreign + 1 })
    },
  ],
  // The recording's rule was to keep the last status that is known. A status that Weir does not know is shown as
  // such instead, in the service's own word: it is no end, and what is known stands again when it is said again.
  ...[23, 24, 25, 26, 27].map((line): [number, (each: Step) => void] => [
    line,
    ({ changes, after }) => {
      expect(changes).toMatchObject([{ k: 'status', status: 'unknown', raw: expect.any(String) as string }])
      expect(after.status).toBe('unknown')
    },
  ]),
  [/^(?:ignore|nothing changes|logs stay empty|keep preparing)/, nothing],
  [/status stays queued/, status('queued')],
  [/^apply: dispatched/, status('dispatched')],
  [/^apply: running/, status('running')],
  [/^apply: completed/, status('completed')],
  [
    1,
    (each) => {
      expect(told(each)).toEqual(['meta', 'status'])
    },
  ],
  [15, status('queued')],
  [22, status('preparing')],
  [38, log('plain text, not base64!')],
  [39, log('done')],
  [40, log('//4AQQ==')],
  [
    41,
    (each) => {
      expect(each.log).toContain('<img src=x onerror=alert(1)>')
      expect(each.log).toContain('\u202e')
      expect(each.log).toContain('\0')
    },
  ],
  [
    42,
    (each) => {
      expect(told(each)).toEqual(['log-replaced'])
      expect(each.log).toHaveLength(3_001)
    },
  ],
  [
    43,
    () => {
      expect(Object.fromEntries(hostileHeld.logs)).toEqual(byChannel(hostile.final.logs))
    },
  ],
  [
    /^never NaN/,
    ({ changes }) => {
      const percents = changes.map((change) => (change.k === 'progress' ? change.percent : Number.NaN))
      expect(percents.every((percent) => percent >= 0 && percent <= 100)).toBe(true)
    },
  ],
  [
    51,
    ({ output }) => {
      const made = Object.entries(output as Record<string, unknown>)
      const seen = made.map(([field, value]) => [field, kindOf(value), fileOf(value)?.url ?? null])
      expect(seen).toEqual([
        ['a', 'markdown', null],
        ['b', 'json', null],
        ['c', 'json', null],
        ['d', 'file', 'https://cloud.inference.sh/app/files/t/a/b.html'],
        ['e', 'json', null],
        ['f', 'markdown', null],
      ])
    },
  ],
  [
    /^apply/,
    (each) => {
      expect(told(each)).toEqual(['output'])
    },
  ],
  [
    56,
    (each) => {
      nothing(each)
      expect(hostileReader.deltas).toEqual({})
    },
  ],
  [
    58,
    ({ changes, wire }) => {
      expect(changes).toEqual([{ k: 'error', message: 'stream worker restarted', origin: 'stream' }])
      expect(wire).toMatchObject({ status: 500 })
    },
  ],
]

describe('hostile lines', () => {
  test('are all played', () => {
    expect(steps).toHaveLength(62)
    expect(hostile.lines).toHaveLength(62)
  })

  test.each(hostile.lines)('line $line ($what): $expect', ({ line, expect: wanted }) => {
    expect.hasAssertions()
    const [, check] = CHECKS.find(([by]) => (typeof by === 'number' ? by === line : by.test(wanted)))!
    check(steps[line - 1]!)
  })

  test('come to what is expected', () => {
    expect(hostileStatus()).toBe(hostile.final.status)
    expect(hostileHeld.output).toEqual(hostile.final.output)
    expect(Object.fromEntries(hostileHeld.logs)).toEqual(byChannel(hostile.final.logs))
    expect(hostileReader.malformed).toBe(hostile.final.malformed_lines)
    expect(hostileReader.foreign).toBe(hostile.final.foreign_lines)
    expect('polluted' in {}).toBe(false)
    expect(hostileHeld.statuses.map(statusWireName)).toEqual([
      'received',
      'queued',
      'dispatched',
      'preparing',
      ...Array.from({ length: 5 }, () => 'unknown'),
      'running',
      'completed',
    ])
    expect(hostileHeld.done).toBe(1)
  })

  test('the corners of the event stream grammar', () => {
    const expected = files['task-hostile.sse'] as Expected & {
      malformed_events: number
      stream_errors: number
    }
    for (const size of [Infinity, 1, 5]) {
      const { held: sse, reader: sseReader } = play(expected.id, wireLines('task-hostile.sse', size))
      expectHeld(sse, { ...expected, error: null })
      expect(sseReader.malformed).toBe(expected.malformed_events)
      expect(sse.changes.filter((change) => change.k === 'error' && change.origin === 'stream')).toHaveLength(
        expected.stream_errors,
      )
    }
  })
})

test('a flow run is followed to its tasks', () => {
  const expected = files['flow-run.ndjson'] as unknown as {
    id: string
    statuses: string[]
    nodes: Record<string, string>
  }
  const reader = new FlowRunReader(expected.id)
  const statuses: string[] = []
  for (const line of wireLines('flow-run.ndjson')) {
    reader.line(line)
    if (reader.status && statuses.at(-1) !== reader.status) statuses.push(reader.status)
  }
  expect(statuses).toEqual(expected.statuses)
  expect(Object.fromEntries(reader.nodes.map(({ name, status }) => [name, status]))).toEqual(expected.nodes)
  expect(reader.nodes.map(({ taskId }) => taskId)).toEqual([
    '274rjkhawgvs85w3rmev1kqj8r',
    '01m97qs7xr98y38qx91bbaak31',
  ])
  expect(reader.line(readLine(`{"data":{"id":"${expected.id}","status":2},"fields":["status"]}`))).toBe(false)
  expect(reader.read({ id: expected.id, status: 2 })).toBe(true)
})

test('deltas of tool calls are merged by their strategies', () => {
  const expected = files['chat-tools.ndjson'] as unknown as {
    texts: Record<string, string>
    tool_call_arguments_from_deltas: Record<string, string>
  }
  const merged = new Map<string, WireRecord>()
  for (const line of wireLines('chat-tools.ndjson'))
    if (line.shape === 'delta' && line.resourceId !== null)
      merged.set(line.resourceId, mergeDelta(merged.get(line.resourceId) ?? {}, line.delta))
  type Call = { function: { name: string; arguments: string } }
  const calls = [...merged.values()].flatMap((each) => (each['tool_calls'] ?? []) as Call[])
  expect(Object.fromEntries(calls.map((each) => [each.function.name, each.function.arguments]))).toEqual(
    expected.tool_call_arguments_from_deltas,
  )
  const responses = [...merged.values()].map((each) => each['response'])
  expect(responses).toContain(expected.texts['a2'])
  const odd = JSON.parse('{"usage":null,"__proto__":{"polluted":1}}') as WireRecord
  expect(mergeDelta({ usage: 1 }, odd)).toEqual({ usage: 1 })
})

test('the app’s schema decides what is a file', () => {
  const { exchanges } = JSON.parse(text('rest-apps.json')) as {
    exchanges: { name: string; response: { body: { data: { version: { input_schema: WireRecord } } } } }[]
  }
  const schema = exchanges.find(({ name }) => name === 'apps.getByName')!.response.body.data.version
    .input_schema
  const fields = ['prompt', 'size', 'seed', 'reference', 'masks']
  expect(fields.filter((field) => isFileSchema(fieldSchema(schema, field, schema), schema))).toEqual([
    'reference',
  ])
  expect(isFileSchema(itemSchema(fieldSchema(schema, 'masks', schema), schema), schema)).toBe(true)
  expect(resolveSchema(fieldSchema(schema, 'size', schema), schema)).toMatchObject({
    type: 'string',
    enum: ['square', 'wide', 'tall'],
    default: 'wide',
  })
  expect(resolveSchema({ $ref: '#/$defs/a' }, { $defs: { a: { $ref: '#/$defs/a' } } })).toBeNull()
  const address = 'https://files.example/made/1234'
  expect(kindOf(address)).toBe('link')
  expect(kindOf(address, { type: 'string', format: 'file' })).toBe('file')
  expect(
    filesIn({ reference: address, masks: [address], prompt: address }, schema).map(({ path }) => path),
  ).toEqual(['reference', 'masks.0'])
})

test('a schema says what medium a file is, where its address does not', () => {
  const address = 'https://cloud.inference.sh/app/files/t/abcdefgh/12345678'
  const file = (part: object) => ({ type: 'string', format: 'file', ...part })
  expect(kindOf(address, file({ contentMediaType: 'video/mp4' }))).toBe('video')
  expect(kindOf(address, { type: 'string', format: 'image' })).toBe('image')
  expect(kindOf(address, { anyOf: [file({ contentMediaType: 'audio/wav' }), { type: 'null' }] })).toBe(
    'audio',
  )
  expect(kindOf(address, { type: 'string', format: 'uri', contentMediaType: 'image/webp' })).toBe('image')
  // The address and the app's own word in the output know better.
  expect(kindOf(`${address}.png`, { type: 'string', format: 'video' })).toBe('image')
  expect(kindOf({ uri: address, content_type: 'audio/mpeg' }, { format: 'image' })).toBe('audio')
  expect(kindOf({ uri: address }, { format: 'image' })).toBe('image')
  // Text of a type is no file, and a scheme that may not be opened stays text.
  expect(kindOf('# Hello', { type: 'string', contentMediaType: 'text/markdown' })).toBe('markdown')
  expect(kindOf('javascript:alert(1)', { type: 'string', format: 'image' })).toBe('markdown')
})

test('files are found inside lists and objects', () => {
  const address = 'https://files.example/made/'
  const schema = {
    properties: {
      scenes: {
        type: 'array',
        items: { $ref: '#/$defs/Scene' },
      },
      views: { type: 'object', additionalProperties: { type: 'string', format: 'image' } },
    },
    $defs: {
      Scene: { properties: { clip: { type: 'string', format: 'file', contentMediaType: 'video/mp4' } } },
    },
  }
  const output = {
    scenes: [
      { title: 'one', clip: `${address}1` },
      { title: 'two', clip: `${address}2` },
    ],
    views: { left: `${address}3` },
    notes: { plain: `${address}4` },
  }
  expect(filesIn(output, schema).map(({ path, file }) => [path, file.kind])).toEqual([
    ['scenes.0.clip', 'video'],
    ['scenes.1.clip', 'video'],
    ['views.left', 'image'],
  ])
  const kinds = Object.entries(output).map(([key, value]) =>
    kindOf(value, fieldSchema(schema, key, schema), schema),
  )
  expect(kinds).toEqual(['nested', 'nested', 'json'])
  expect(kindOf({ deep: [{ shot: `${address}5.png` }] })).toBe('nested')
})

test('own hosts', () => {
  expect(isOwnHost('https://cloud.inference.sh/a.png')).toBe(true)
  expect(isOwnHost('https://cloud.inference.sh.evil.example/a.png')).toBe(false)
  expect(isOwnHost('https://notinference.sh/a.png')).toBe(false)
  expect(isOwnHost('javascript://inference.sh/%0aalert(1)')).toBe(false)
})

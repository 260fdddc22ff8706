import { describe, expect, it } from 'vitest'
import { linesOf, recording, shapeOf, testCloud, textOf } from './test-cloud.ts'
import { isObject } from './wire.ts'
import type { JsonObject } from './wire.ts'

/** What a line is, without what it says: `snapshot`, `delta`, `heartbeat`, or the fields of a partial. */
function kindOf(line: JsonObject): string {
  if (line.type === 'heartbeat') return 'heartbeat'
  if (line.event === 'delta') return 'delta'
  if (!Array.isArray(line.fields)) return 'snapshot'
  const { status } = (line.data ?? {}) as JsonObject
  return line.fields.includes('status')
    ? `${line.fields.join(',')} = ${JSON.stringify(status)}`
    : line.fields.join(',')
}

const kinds = (lines: readonly JsonObject[]) => [...new Set(lines.map(kindOf))]

/** The statuses of a stream, in order. */
const statuses = (lines: readonly JsonObject[]) =>
  lines.filter((line) => kindOf(line).includes('status')).map(({ data }) => (data as JsonObject).status)

/** The shape of the first line of each kind, whose data may differ in the number of list entries. */
function shapes(lines: readonly JsonObject[]): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const line of lines) {
    const kind = kindOf(line)
    if (!found.has(kind)) found.set(kind, shapeOf(line))
  }
  return found
}

async function play(app: string, input: JsonObject, seconds: number, cancelAfter?: number) {
  const { cloud, clock, run, open, request } = testCloud()
  const id = await run(app, input)
  const reading = await open(`/tasks/${id}/stream`)
  if (cancelAfter !== undefined) {
    await clock.advance(cancelAfter * 1_000)
    await request('POST', `/tasks/${id}/cancel`)
  }
  await clock.advance(seconds * 1_000)
  cloud.stop()
  return reading
}

const RUNS = [
  { file: 'task-image.ndjson', app: 'landscape', input: { prompt: 'a weir', steps: 28, seed: 42 } },
  { file: 'task-failed.ndjson', app: 'breaks', input: { mode: 'oom' } },
  { file: 'task-text.ndjson', app: 'narrator', input: { topic: 'a weir' } },
  { file: 'task-cancelled.ndjson', app: 'sleeper', input: { seconds: 3_600 }, cancelAfter: 16 },
]

describe('task streams are like the recordings', () => {
  it.each(RUNS)('$file', async ({ file, app, input, cancelAfter }) => {
    const recorded = linesOf(recording(file))
    const { lines } = await play(app, input, 40, cancelAfter)
    expect(statuses(lines)).toEqual(statuses(recorded))
    for (const kind of kinds(recorded)) expect(kinds(lines)).toContain(kind)
    const ours = shapes(lines)
    for (const [kind, shape] of shapes(recorded)) {
      // The recordings wrap a snapshot in one file, and send a hollow whole object in another (§6).
      if (kind === 'snapshot' && file === 'task-text.ndjson') continue
      if (kind.endsWith('= 2') && file !== 'task-image.ndjson') continue
      expect([kind, ours.get(kind)]).toEqual([kind, shape])
    }
  })

  it('carries the same over SSE', async () => {
    const { clock, run, open, cloud } = testCloud()
    const id = await run('narrator', { topic: 'a weir' })
    const [events, lines] = [
      await open(`/tasks/${id}/stream`, 'text/event-stream'),
      await open(`/tasks/${id}/stream`),
    ]
    expect(events.headers.get('content-type')).toBe('text/event-stream')
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson')
    await clock.advance(60_000)
    const framed = lines.lines.map((line) => {
      if (line.type === 'heartbeat') return ': heartbeat\n\n'
      return line.event === 'delta'
        ? `event: delta\ndata: ${JSON.stringify(line.data)}\n\n`
        : `data: ${JSON.stringify(line)}\n\n`
    })
    expect(events.text).toBe(framed.join(''))
    cloud.stop()
  })

  it('files come as URLs and as objects', async () => {
    const { lines } = await play('press', { title: 'Weir' }, 40)
    const recorded = linesOf(recording('task-files.ndjson')).at(-1)
    const output = (line?: JsonObject) =>
      isObject(line?.data) && isObject(line.data.output) ? line.data.output : {}
    const last = output(lines.findLast(({ data }) => isObject(data) && data.status === 10))
    expect(shapeOf({ ...last, metrics: null })).toEqual(shapeOf({ ...output(recorded), metrics: null }))
  })
})

describe('flow runs', () => {
  it('stream as recorded, and the tasks of one too', async () => {
    const { clock, post, open, cloud } = testCloud()
    const { id } = await post('/flowruns', {
      flow: '2tfgsk2qx87xgfhawvza3psrmw',
      input: { prompt: 'a weir' },
    })
    const reading = await open(`/flowruns/${textOf(id)}/stream`)
    const tasks = await open(`/flowruns/${textOf(id)}/tasks/stream`)
    await clock.advance(60_000)
    const recorded = linesOf(recording('flow-run.ndjson'))
    const ours = reading.lines.filter((line) => line.type === undefined)
    expect(ours.map(kindOf)).toEqual(recorded.map(kindOf).filter((kind) => kind !== 'heartbeat'))
    expect(ours.map((line) => shapeOf(line))).toEqual(
      recorded.filter((line) => line.type === undefined).map((line) => shapeOf(line)),
    )
    expect(
      tasks.lines.filter((line) => kindOf(line) === 'snapshot').map(({ flow_run_id: of }) => of),
    ).toEqual([id, id])
    expect(tasks.ended).toBe('end')
    cloud.stop()
  })
})

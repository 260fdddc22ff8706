import { describe, expect, test } from 'vitest'
import { LogBuffer } from '#model/log-buffer.ts'
import { reduceTask } from '#model/reduce-task.ts'
import { unknownTask } from '#model/task.ts'
import { LabDaemonClient } from '#protocols/labdaemon/client.ts'
import { foreign, errorFrom } from '#protocols/labdaemon/errors.ts'
import { outcomeOf } from '#protocols/labdaemon/outcome.ts'
import { resultText } from '#protocols/labdaemon/result-text.ts'
import { InferenceError, openEnvelope } from '#protocols/inference/envelope.ts'
import { readLine } from '#protocols/inference/lines.ts'
import { TaskReader } from '#protocols/inference/task-reader.ts'
import { heldBytes } from '#testing/heap.node.ts'
import { Samples } from '#model/samples.ts'
import { TaskEvents } from './sources/inference/to-events.ts'
import { ItemFaults } from './item-faults.ts'
import { readSse } from './read-sse.ts'
import { RawMessages } from './raw-messages.ts'

/*
 * What is kept of a large text must not hold the whole of it: engines make slices, matches and parts of a split
 * point into the string they were taken from.
 */

const MB = 1024 * 1024
const RUNS = 6
/** Each run makes many times as much. */
const MOST = (RUNS * MB) / 4

/** Ten million characters that no two runs share. */
const large = (run: number) => `${run}${'abcdefghi '.repeat(MB)}`
const noClock = { toLocal: (at: number | null) => at, toLocalAhead: (at: number) => at }

function answering(text: string): LabDaemonClient {
  const headers = { 'content-type': 'application/json' }
  return new LabDaemonClient('http://lab.test', () => Promise.resolve(new Response(text, { headers })))
}

describe('of megabytes little is held by', () => {
  test.each<[string, (run: number) => unknown]>([
    [
      'what is kept of a task that has ended',
      async (run) => {
        const body = `{"task_id":"a","task_type":"T","running":false,"result":{"text":"${large(run)}"},"exception":null}`
        const { task, text } = await answering(body).task('a')
        return outcomeOf(task, text, false, true).result
      },
    ],
    [
      'a small result beside much else',
      (run) => resultText(`{"junk":"${large(run)}","result":[1,2,3,4,5,6,7,8,9],"success":true}`, 'success'),
    ],
    ['what is said of a page in the place of an answer', (run) => foreign(200, `<html>${large(run)}`)],
    ['an error in place of an answer', (run) => errorFrom(502, large(run))],
    [
      'an error of which the server says very much',
      (run) =>
        errorFrom(400, JSON.stringify({ error: { type: 'T', message: large(run), traceback: large(run) } })),
    ],
    [
      'a fault of an item',
      (run) => {
        let told: unknown
        const faults = new ItemFaults({
          report: (news) => {
            told = news.faults
          },
        })
        faults.list('task', [{ item: large(run), why: large(run) }]).tell()
        return told
      },
    ],
    [
      'the raw messages of a stream',
      (run) => {
        const raw = new RawMessages()
        raw.keep(0, 'device_data', large(run))
        return raw
      },
    ],
    [
      'the newest of many messages that came together',
      async (run) => {
        const messages = `event: device_data\ndata: {"text":"${large(run)}"}\n\nevent: device_data\ndata: {"a":1,"b":"something"}\n\n`
        const samples = new Samples()
        let latest: unknown
        await readSse(new Response(messages).body!, (all) => {
          if (all.length === 0) return
          samples.receive(
            0,
            all.slice(-1).map(({ data }) => ({ json: data, body: {} })),
            true,
          )
          latest = samples.flush(1_000, true)?.latest ?? latest
        })
        return latest
      },
    ],
    [
      'a task whose message it is',
      (run) => {
        const task = unknownTask('lab', 'labdaemon', 'a', 0)
        const message = large(run)
        const log = new LogBuffer({ maxLines: 1_000, maxBytes: 10 * MB })
        const progress = { k: 'progress', at: 0, step: 1, total: 2, percent: 50, message } as const
        return [
          reduceTask(task, [progress], (at, kind, text) => {
            log.append(at, kind, text)
          }),
          log,
        ]
      },
    ],
    ['a line of a stream that is no JSON', (run) => readLine(`{${large(run)}`)],
    [
      'a refusal of inference.sh',
      (run) => {
        try {
          return openEnvelope({ status: 502, headers: new Headers(), text: large(run), at: 0 })
        } catch (error) {
          if (error instanceof InferenceError) return { message: error.message, meta: error.meta }
          throw error
        }
      },
    ],
    [
      'what a card shows of an output',
      (run) => {
        const events = new TaskEvents(noClock)
        const [event] = events.from(
          [
            {
              k: 'output',
              value: { text: large(run), file: `https://x.test/${large(run)}` },
              provisional: true,
              changedFields: [],
            },
          ],
          0,
        )
        return event!.k === 'output' ? event!.preview : null
      },
    ],
    [
      'the log of a run that is told as it grows',
      (run) => {
        const reader = new TaskReader('a')
        const events = new TaskEvents(noClock)
        const log = new LogBuffer({ maxLines: 1_000, maxBytes: 10 * MB })
        let task = unknownTask('cloud', 'inference', 'a', 0)
        const words = large(run).slice(0, 10_000)
        let content = ''
        for (let line = 0; line < 100; line++) {
          content += `${line} ${words}\n`
          const logs = [{ log_type: 4, content }]
          const changes = reader.line(readLine(JSON.stringify({ data: { logs }, fields: ['logs'] })), 0)
          task = reduceTask(task, events.from(changes, 0), (at, kind, said) => {
            log.append(at, kind, said)
          })
        }
        const newest = log.line(log.total - 1)
        reader.release()
        events.trim()
        return [task, reader, events, newest]
      },
    ],
  ])('%s', async (_what, make) => {
    await heldBytes(1, make)
    expect(await heldBytes(RUNS, make)).toBeLessThan(MOST)
  })
})

test('the ruler finds a slice of a large text', async () => {
  const slice = (run: number) => large(run).slice(5, 500)
  expect(await heldBytes(RUNS, slice)).toBeGreaterThan(RUNS * 5 * MB)
})

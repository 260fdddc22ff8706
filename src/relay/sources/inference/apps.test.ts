import { beforeEach, expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { unknownTask, type Task } from '#model/task.ts'
import type { InferenceClient } from '#protocols/inference/client.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { AppBody } from '#protocols/inference/schemas.ts'
import { Apps } from './apps.ts'

const task: Task = {
  ...unknownTask('cloud', 'inference', 't', 0),
  type: 'a/b',
  detail: { ...unknownTask('cloud', 'inference', 't', 0).detail, meta: { appId: 'app', appVersionId: 'v1' } },
}

function version(id: string): AppBody {
  return {
    id: 'app',
    namespace: 'a',
    name: 'b',
    version: { id, functions: { run: { output_schema: { title: id } } } },
  } as unknown as AppBody
}

let failures: InferenceError[]
let asked: string[]
let clock: ManualClock
let apps: Apps

beforeEach(() => {
  failures = []
  asked = []
  clock = new ManualClock()
  const client = {
    appVersion: (_: string, id: string) => {
      asked.push(id)
      const failure = failures.shift()
      return failure ? Promise.reject(failure) : Promise.resolve(version(id))
    },
    app: () => {
      asked.push('newest')
      return Promise.resolve(version('v2'))
    },
  }
  apps = new Apps(client as unknown as InferenceClient, clock)
})

const titleOf = async () => ((await apps.schemasOf(task)).output as { title?: string } | null)?.title

test('a run is shown by the schema of the version that ran, read once', async () => {
  expect(await titleOf()).toBe('v1')
  expect(await titleOf()).toBe('v1')
  expect(asked).toEqual(['v1'])
})

test('a fault that passes is no reason for the newest version, and is asked again', async () => {
  failures = [new InferenceError('server', 'busy', { status: 503 })]
  await expect(titleOf()).rejects.toMatchObject({ status: 503 })
  expect(await titleOf()).toBe('v1')
  expect(asked).toEqual(['v1', 'v1'])
})

test('the newest version stands in for one that is gone, until that is there again', async () => {
  failures = [new InferenceError('missing', 'gone', { status: 404 })]
  expect(await titleOf()).toBe('v2')
  expect(await titleOf()).toBe('v1')
})

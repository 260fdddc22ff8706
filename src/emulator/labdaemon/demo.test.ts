import { afterEach, describe, expect, it } from 'vitest'
import { payloads, testLab } from './test-lab.ts'
import type { TestLab } from './test-lab.ts'

let test: TestLab

afterEach(() => test.lab.stop())

interface Listed {
  task_id: string
  task_type: string
  running: boolean
}

const tasks = async () => ((await test.json('/tasks')) as { tasks: Listed[] }).tasks
const running = async () => (await tasks()).filter((task) => task.running)

describe('the demo lab', () => {
  it('is at work from the first moment, with work behind it', async () => {
    test = testLab({ preset: 'demo' })
    expect((await running()).length).toBeGreaterThanOrEqual(11)
    const finished = (await tasks()).filter((task) => !task.running)
    expect(finished.length).toBeGreaterThanOrEqual(5)
    await test.clock.advance(45_000)
    expect((await running()).length).toBeGreaterThanOrEqual(11)
  })

  it('stays lively, with fresh ids and bounded lists', async () => {
    test = testLab({ preset: 'demo', seed: 7 })
    const seen = new Set<string>()
    for (let minute = 0; minute < 8; minute++) {
      await test.clock.advance(60_000)
      const now = await tasks()
      for (const { task_id } of now) seen.add(task_id)
      expect(now.filter((task) => task.running).length).toBeGreaterThanOrEqual(10)
      expect(now.filter((task) => !task.running).length).toBeLessThanOrEqual(20)
    }
    expect(seen.size).toBeGreaterThan(40)
    const { devices } = (await test.json('/devices')) as { devices: unknown[] }
    expect(devices.length).toBeLessThan(120)
  }, 30_000)

  it('is the same under the same seed and clock, and another under another', async () => {
    const look = async (seed: number) => {
      test = testLab({ preset: 'demo', seed })
      const sweep = (await running()).find(({ task_id }) => task_id.startsWith('sweep-'))
      const stream = await test.open(`stream-${sweep?.task_id}`)
      await test.clock.advance(5_000)
      const seen = [await test.get('/tasks'), stream.text]
      test.lab.stop()
      return seen
    }
    expect(await look(1)).toEqual(await look(1))
    expect(await look(1)).not.toEqual(await look(2))
  })

  it('reads like a lab', async () => {
    test = testLab({ preset: 'demo' })
    const sweep = (await running()).find(({ task_id }) => task_id.startsWith('sweep-'))
    const stream = await test.open(`stream-${sweep?.task_id}`)
    await test.clock.advance(3_000)
    const [first = '{}'] = payloads(stream.text)
    expect((JSON.parse(first) as { message: string }).message).toMatch(/^\d{4}\.\d\d nm, −?\d+\.\d\d dBm$/)
  })

  it('leaves the bench to visitors', async () => {
    test = testLab({ preset: 'demo' })
    expect((await test.start('mine', 'SweepTask')).status).toBe(200)
    expect((await test.open('thermo1')).status).toBe(200)
  })
})

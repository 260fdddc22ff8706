import { describe, expect, it } from 'vitest'
import { APPS } from './apps/index.ts'
import { ORIGIN, logText, testCloud, textOf } from './test-cloud.ts'
import type { JsonObject } from './wire.ts'

const SLOW = { timeout: 30_000 }

const INPUTS: Readonly<Record<string, JsonObject>> = {
  landscape: { prompt: 'a weir', steps: 4 },
  narrator: { topic: 'a weir' },
  press: { title: 'Weir' },
  trainer: { dataset: 'gauges', epochs: 2, steps: 20 },
  oracle: { text: 'How much?' },
  atlas: { place: 'a weir', count: 2 },
  workbench: { name: 'x', count: 3 },
  sleeper: { seconds: 15 },
  riddle: { loop: { any: 'thing' } },
  blackbox: { any: ['thing'] },
}

/** A first pass over everything; with the URLs of its files. */
async function runAll(seed: number) {
  const lab = testCloud({ seed, workers: 4 })
  lab.cloud.satisfy('vault')
  const ids: string[] = []
  for (const { name } of APPS) ids.push(await lab.run(name, INPUTS[name] ?? {}))
  await lab.clock.advance(300_000)
  const tasks = await Promise.all(ids.map((id) => lab.get(`/tasks/${id}`)))
  return { lab, tasks, text: JSON.stringify(tasks) }
}

const urlsIn = (value: unknown): string[] => [
  ...new Set(JSON.stringify(value).match(new RegExp(`${ORIGIN}/app/files/[^"?]+`, 'g')) ?? []),
]

describe('apps', () => {
  it('all end as they should, the same for the same seed', SLOW, async () => {
    const { lab, tasks, text } = await runAll(7)
    const ended = Object.fromEntries(APPS.map(({ name }, index) => [name, tasks[index]?.status]))
    expect(ended).toEqual(Object.fromEntries(APPS.map(({ name }) => [name, name === 'breaks' ? 11 : 10])))
    lab.cloud.stop()
    const again = await runAll(7)
    expect(again.text).toBe(text)
    again.lab.cloud.stop()
    const other = await runAll(8)
    expect(other.text).not.toBe(text)
    other.lab.cloud.stop()
  })

  it('make files that are what they say', SLOW, async () => {
    const { lab, tasks } = await runAll(1)
    const magic: Readonly<Record<string, string>> = {
      'image/png': '\u0089PNG\r\n\u001a\n',
      'image/gif': 'GIF89a',
      'audio/wav': 'RIFF',
      'application/pdf': '%PDF-1.4',
    }
    let seen = 0
    for (const url of urlsIn(tasks.filter((_, index) => APPS[index]?.name !== 'trickster'))) {
      const answer = await lab.cloud.fetch(new Request(url))
      expect([url, answer.status]).toEqual([url, 200])
      const bytes = new Uint8Array(await answer.arrayBuffer())
      expect(bytes.length).toBe(Number(answer.headers.get('content-length')))
      const start = magic[answer.headers.get('content-type') ?? '']
      if (start === undefined) continue
      expect(String.fromCharCode(...bytes.subarray(0, start.length))).toBe(start)
      seen++
    }
    expect(seen).toBeGreaterThan(8)
    lab.cloud.stop()
  })

  it('paint pictures that a decoder takes', async () => {
    const lab = testCloud()
    const task = await lab.after(30, await lab.run('landscape', { prompt: 'a weir', steps: 4, size: 'tall' }))
    const [url = ''] = urlsIn(task.output)
    const png = new Uint8Array(await (await lab.cloud.fetch(new Request(url))).arrayBuffer())
    const view = new DataView(png.buffer)
    const size = view.getUint32(33)
    const data = new Blob([png.slice(41, 41 + size)]).stream().pipeThrough(new DecompressionStream('deflate'))
    const rows = new Uint8Array(await new Response(data).arrayBuffer())
    expect([view.getUint32(16), view.getUint32(20), rows.length]).toEqual([288, 512, (288 * 3 + 1) * 512])
    lab.cloud.stop()
  })

  it('leave partial output beside an error', async () => {
    const lab = testCloud()
    const task = await lab.after(60, await lab.run('breaks', { mode: 'midway' }))
    expect(task).toMatchObject({
      status: 11,
      error: 'SurveyError: echo lost at reach 7',
      output: { progress: 0.6 },
    })
    expect(logText(task, 4)).toContain('Traceback')
    lab.cloud.stop()
  })

  it('train at length: bars, colours, hundreds of lines, five kinds of log', SLOW, async () => {
    const lab = testCloud()
    const id = await lab.run('trainer', { dataset: 'gauges', epochs: 30, steps: 120 })
    const running = await lab.after(60, id)
    expect(running).toMatchObject({ status: 7, output: { progress: expect.any(Number) as number } })
    const task = await lab.after(400, id)
    const log = logText(task, 4)
    expect(log.split('\n').length).toBeGreaterThan(300)
    expect(log).toMatch(/epoch 1\/30: {2}\d+%\|█* *\| \d+\/120 \[00:0\d<00:\d\d, 12\.5it\/s\]\r/)
    expect(log).toContain('\u001b[32m✓\u001b[0m epoch 30')
    expect((task.logs as JsonObject[]).map(({ log_type: type }) => type)).toEqual([1, 0, 2, 3, 4])
    lab.cloud.stop()
  })

  it('may answer with what does harm', async () => {
    const lab = testCloud()
    const { output } = await lab.after(10, await lab.run('trickster'))
    const found = output as Record<string, string> & { big: { uri: string; size: number } }
    expect(found.link).toBe('javascript:alert(1)')
    const page = await lab.cloud.fetch(new Request(found.picture ?? ''))
    expect([found.picture?.endsWith('.png'), page.headers.get('content-type')]).toEqual([true, 'text/html'])
    expect((await lab.cloud.fetch(new Request(found.lost ?? ''))).status).toBe(404)
    expect(found.big.size).toBe(209_715_200)
    const head = await lab.cloud.fetch(new Request(found.big.uri, { method: 'HEAD' }))
    expect(head.headers.get('content-length')).toBe('209715200')
    const part = await lab.cloud.fetch(new Request(found.big.uri, { headers: { range: 'bytes=0-99999' } }))
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 100_000])
    lab.cloud.stop()
  })
})

describe('uploads', () => {
  it('are created, put and fetched', async () => {
    const lab = testCloud({ publicUrl: 'https://cloud.example/' })
    const answer = await lab.request('POST', '/files', {
      files: [{ uri: '', filename: 'note.txt', content_type: 'text/plain', size: 5 }],
    })
    const [file] = ((await answer.json()) as { data: JsonObject[] }).data
    expect(textOf(file?.uri)).toMatch(/^https:\/\/cloud\.example\/app\/files\/u\/.*\.txt$/)
    const put = await lab.cloud.fetch(
      new Request(textOf(file?.upload_url), {
        method: 'PUT',
        body: 'hello',
        headers: { 'content-type': 'text/plain' },
      }),
    )
    expect(put.status).toBe(200)
    const got = await lab.cloud.fetch(new Request(textOf(file?.uri)))
    expect([got.headers.get('content-type'), await got.text()]).toEqual(['text/plain', 'hello'])
    expect(await lab.get(`/files/${textOf(file?.id)}`)).toMatchObject({ size: 5, filename: 'note.txt' })
    expect((await lab.post('/files/list', {})).total_items).toBe(1)
    expect((await lab.request('DELETE', `/files/${textOf(file?.id)}`)).status).toBe(204)
    expect((await lab.cloud.fetch(new Request(textOf(file?.uri)))).status).toBe(404)
    lab.cloud.stop()
  })
})

import { expect, KEY, run, test } from '../cloud-fixtures.ts'
import { answered } from '../helpers/console-watch.ts'
import { logLines, logOf } from '../helpers/screens.ts'
import type { Page } from '@playwright/test'

test('a file is uploaded into an input, and the run gets it', async ({ page, weir }) => {
  const bytes = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  await page.goto(weir.url)
  await page.getByRole('button', { name: 'New task' }).click()
  const dialog = page.getByRole('dialog', { name: 'New task' })
  await dialog.getByRole('combobox', { name: 'App' }).fill('weirdemo/landscape')
  await dialog.getByRole('textbox', { name: 'Prompt', exact: true }).fill('as in the picture')
  const reference = dialog.getByRole('textbox', { name: /^Reference/ })
  const chooser = page.waitForEvent('filechooser')
  await dialog.getByRole('button', { name: 'Upload' }).first().click()
  await (await chooser).setFiles({ name: 'sketch.png', mimeType: 'image/png', buffer: bytes })
  await expect(reference).toHaveValue(/^https?:\/\//)
  const uri = await reference.inputValue()
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(dialog).toBeHidden()
  const [task] = await weir.tasks()
  expect((await weir.task(task!.id, 'cloud')).detail.params).toMatchObject({ reference: uri })
  const file = await fetch(weir.at(`/api/files?url=${encodeURIComponent(uri)}`))
  expect(file.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true)
  // The task's page shows it among what it was given.
  await page.goto(weir.at(`/tasks/cloud/${task!.id}?tab=parameters`))
  const shown = page.getByRole('region', { name: 'reference' }).getByRole('img')
  await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1)
})

test('outputs that mean harm are shown for what they are', async ({ page, weir, console }) => {
  // The browser reports the picture that is gone, and the one that is a page.
  console.allow(answered(404))
  const foreign: string[] = []
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== new URL(weir.url).origin) foreign.push(request.url())
  })
  const id = await run(weir, 'weirdemo/trickster', {})
  await page.goto(weir.at(`/tasks/cloud/${id}?tab=output`))
  const task = page.getByRole('article', { name: id })
  await expect(task).toHaveAttribute('data-task-status', 'completed', { timeout: 30_000 })
  const field = (name: string) => page.getByRole('tabpanel').getByRole('region', { name, exact: true })
  await expect(field('link')).toContainText('javascript:alert(1)')
  await expect(field('lost')).toContainText('The file is not there (404).')
  await expect(field('picture')).toContainText('This is not a picture but text/html.')
  // Neither loaded nor linked without being asked.
  await expect(field('big')).toContainText('210 MB')
  await expect(field('big').getByRole('button', { name: /Load/ })).toBeVisible()
  await expect(field('elsewhere').getByRole('button', { name: 'Allow tracker.example.org' })).toBeVisible()
  const schemes = await page
    .getByRole('tabpanel')
    .locator('a[href], img[src], video[src], audio[src], iframe, object, embed, script')
    .evaluateAll((all) => [
      ...new Set(
        all.map((each) =>
          each instanceof HTMLAnchorElement
            ? each.protocol
            : each instanceof HTMLImageElement || each instanceof HTMLMediaElement
              ? new URL(each.src).protocol
              : each.tagName,
        ),
      ),
    ])
  expect(schemes.filter((scheme) => !['http:', 'https:', 'blob:'].includes(scheme))).toEqual([])
  expect(foreign).toEqual([])
  // What the relay hands on of it can do nothing as a page.
  const { output } = (await weir.task(id, 'cloud')).detail
  const { picture } = JSON.parse(output!.json!) as { picture: string }
  const file = await fetch(weir.at(`/api/files?url=${encodeURIComponent(picture)}`))
  expect(file.headers.get('content-security-policy')).toContain('sandbox')
  expect(file.headers.get('content-disposition')).toBe('attachment')
})

async function factsOf(page: Page, url: string, id: string) {
  await page.goto(`${url}?tab=log`)
  const task = page.getByRole('article', { name: id })
  await expect.poll(async () => (await logLines(logOf(page))).length).toBeGreaterThan(3)
  const lines = await logLines(logOf(page))
  await page.getByRole('tab', { name: 'Output' }).click()
  const output = await page.getByRole('tabpanel').getByRole('region').first().innerText()
  await page.getByRole('tab', { name: 'Timeline' }).click()
  const phases = await page
    .getByRole('tabpanel')
    .getByRole('row')
    .evaluateAll((rows) => rows.map((row) => row.textContent))
  return { status: await task.getAttribute('data-task-status'), lines, output, phases }
}

test('a browser opened later reads the same of a run', async ({ page, weir, cloud, another }) => {
  const id = await run(weir, 'weirdemo/trainer', { dataset: 'gauges', epochs: 3, steps: 50 })
  await page.goto(weir.at(`/tasks/cloud/${id}`))
  const task = page.getByRole('article', { name: id })
  await expect(task).toHaveAttribute('data-task-status', 'running', { timeout: 30_000 })
  cloud.cloud.cutStreams('mid-line')
  await expect(task).toHaveAttribute('data-task-status', 'completed', { timeout: 50_000 })
  const url = weir.at(`/tasks/cloud/${id}`)
  const seen = await factsOf(page, url, id)
  await page.close()
  expect(await factsOf(await another(), url, id)).toEqual(seen)
})

test('a run is followed as long as a person asked, and again when asked', async ({ page, weir }) => {
  const id = await run(weir, 'weirdemo/sleeper', { seconds: 3_600 })
  await page.goto(weir.at(`/tasks/cloud/${id}`))
  const stream = page.getByRole('region', { name: 'Progress' }).locator('[data-stream-state]')
  await expect(stream).toHaveAttribute('data-stream-state', 'open')
  await page.getByRole('textbox', { name: 'If it has not ended after' }).fill('1')
  await page.getByLabel('Unit').selectOption('seconds')
  await page.getByLabel('Then').selectOption('stop following')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(stream).toHaveAttribute('data-stream-state', 'closed')
  await expect(stream).toContainText('followed for 1 s as asked')
  await page.getByRole('button', { name: 'Follow again' }).click()
  await expect(stream).toHaveAttribute('data-stream-state', 'open')
})

test('the key is nowhere in what reaches the browser', async ({ page, weir, cloud, console }) => {
  console.allow(answered(401, 412, 502))
  const seen: string[] = []
  const bodies: Promise<void>[] = []
  page.on('response', (response) => {
    seen.push(response.url(), JSON.stringify(response.headers()))
    if (response.headers()['content-type']?.startsWith('text/event-stream')) return
    bodies.push(
      response.body().then(
        (body) => void seen.push(body.toString('utf8')),
        () => undefined,
      ),
    )
  })
  // The page holds its stream itself then, and what it is sent can be read here.
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'))
  const events = await page.context().newCDPSession(page)
  await events.send('Network.enable')
  let messages = 0
  events.on('Network.eventSourceMessageReceived', ({ data }) => {
    messages += 1
    seen.push(data)
  })
  const id = await run(weir, 'weirdemo/landscape', { prompt: 'a weir' })
  await page.goto(weir.at(`/tasks/cloud/${id}?tab=data`))
  await expect(page.getByRole('article', { name: id })).toHaveAttribute('data-task-status', 'completed', {
    timeout: 30_000,
  })
  for (const tab of ['Output', 'Log', 'Timeline', 'Parameters', 'Raw'])
    await page.getByRole('tab', { name: tab }).click()
  await page.getByRole('button', { name: 'Show telemetry' }).click()
  await page.goto(weir.at('/sources'))
  // A refusal, too, comes without it.
  cloud.cloud.revokeKey(KEY)
  await page.getByRole('button', { name: 'New task' }).click()
  const dialog = page.getByRole('dialog', { name: 'New task' })
  await dialog.getByRole('combobox', { name: 'App' }).fill('weirdemo/landscape')
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(dialog.getByRole('alert').first()).toBeVisible()
  await Promise.all(bodies)
  expect(messages).toBeGreaterThan(5)
  expect(bodies.length).toBeGreaterThan(10)
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  expect([...seen, stored, await page.content()].filter((text) => text.includes(KEY))).toEqual([])
})

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { USUAL_RECONNECT, type ReconnectSettings } from '#model/source.ts'
import { WeirClient } from '#protocols/weir/client.ts'
import { WeirProvider } from '#streams/weir-client.tsx'
import { ReconnectForm } from './reconnect-form.tsx'

const sent: unknown[] = []

beforeEach(() => {
  sent.length = 0
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const body: unknown = JSON.parse(init.body as string)
    sent.push([init.method, url, body])
    return Promise.resolve(Response.json(body))
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const client = new QueryClient()
const form = (settings: ReconnectSettings) => (
  <QueryClientProvider client={client}>
    <WeirProvider client={new WeirClient('')}>
      <ReconnectForm name="cloud" settings={settings} />
    </WeirProvider>
  </QueryClientProvider>
)
const field = (name: string) => page.getByRole('textbox', { name })

it('opens with what holds, sends what is changed, and follows what others change', async () => {
  const settings = { retries: 3, delayMs: 500, mostMs: 4_000, followMs: 600_000 }
  const screen = await render(form(settings))
  await page.getByText('Reconnecting', { exact: true }).click()
  await expect.element(field('Tries in a row')).toHaveValue('3')
  await expect.element(field('First delay, seconds')).toHaveValue('0.5')
  await expect.element(field('Follow each at most, minutes')).toHaveValue('10')
  await expect.element(page.getByText(/Now it tries 3 times in a row/)).toBeVisible()

  await field('Tries in a row').fill('7')
  await field('Follow each at most, minutes').fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.element(page.getByRole('status')).toHaveTextContent('Saved')
  const saved = { ...settings, retries: 7, followMs: null }
  expect(sent).toEqual([['PUT', '/api/sources/cloud/reconnect', saved]])

  await screen.rerender(form(saved))
  await expect.element(field('Tries in a row')).toHaveValue('7')
  await screen.rerender(form(USUAL_RECONNECT))
  await expect.element(page.getByRole('checkbox', { name: 'Try for ever' })).toBeChecked()
  await expect.element(field('First delay, seconds')).toHaveValue('1')
})

it('sends nothing that cannot be', async () => {
  await render(form(USUAL_RECONNECT))
  await page.getByText('Reconnecting', { exact: true }).click()
  await field('Longest delay, seconds').fill('0')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.element(page.getByText('From 0.1 to 3,600 seconds.')).toBeVisible()
  expect(sent).toEqual([])
})

import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { setAnswering } from '#lib/answering.ts'
import { ChunkError } from '#lib/load-chunk.ts'
import { lazyPart } from './lazy-part.tsx'

afterEach(() => {
  setAnswering(true)
})

function Part(props: { name: string }) {
  return <p>Hello {props.name}</p>
}

test('a part that is there is drawn at once, without a moment of waiting', async () => {
  const Lazy = lazyPart(() => Promise.resolve(Part), { waiting: 'Loading…' })
  await Lazy.preload()
  const { container } = await render(<Lazy name="run-1" />)
  expect(container.textContent).toBe('Hello run-1')
})

test('a part that cannot be had says so in its place, and opens by itself when the server is back', async () => {
  let isThere = false
  const Lazy = lazyPart(() =>
    isThere ? Promise.resolve(Part) : Promise.reject<typeof Part>(new ChunkError('away')),
  )
  setAnswering(false)
  await render(<Lazy name="run-1" />)
  await expect.element(page.getByRole('status')).toHaveTextContent('Opens when Weir is back')
  isThere = true
  setAnswering(true)
  await expect.element(page.getByText('Hello run-1')).toBeVisible()
  expect(page.getByRole('status').elements()).toEqual([])
})

test('a part that hangs is said to be waited for while the server is silent', async () => {
  const Lazy = lazyPart(() => new Promise<typeof Part>(() => {}), { waiting: 'Loading…' })
  await render(<Lazy name="run-1" />)
  await expect.element(page.getByText('Loading…')).toBeVisible()
  setAnswering(false)
  await expect.element(page.getByRole('status')).toHaveTextContent('Opens when Weir is back')
})

test('a part of an older version offers to reload', async () => {
  const Lazy = lazyPart(() => Promise.reject<typeof Part>(new ChunkError('gone')), { place: 'screen' })
  await render(<Lazy name="run-1" />)
  await expect.element(page.getByRole('heading', { name: 'Weir was updated' })).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Reload' })).toBeVisible()
})

test('decoration that cannot be had keeps its place and says nothing', async () => {
  const Lazy = lazyPart(() => Promise.reject<typeof Part>(new ChunkError('away')), {
    waiting: ({ name }) => <i data-testid="place">{name}</i>,
    place: null,
  })
  await render(<Lazy name="run-1" />)
  await expect.element(page.getByTestId('place')).toHaveTextContent('run-1')
  expect(page.getByRole('status').elements()).toEqual([])
})

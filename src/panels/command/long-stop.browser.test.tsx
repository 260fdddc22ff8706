import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { summaryOf, taskKey, unknownTask, type TaskSummary } from '#model/task.ts'
import { WeirClient } from '#protocols/weir/client.ts'
import { StreamsProvider } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { WeirProvider } from '#streams/weir-client.tsx'
import { FakeEventSource } from '#testing/fake-event-source.ts'
import { sampleSource } from '#testing/sample-source.ts'
import { Toaster } from '#ui/toast.tsx'
import { CancelButton } from './cancel-button.tsx'
import { StopDialogs } from './stop-dialogs.tsx'
import { askToStop, stopOrAsk } from './stop-question.ts'

const HOUR = 3_600_000
/** What the page asked of the relay. */
const asked: string[] = []
const answers = new Map<string, () => Response>()
let streams: Streams

beforeEach(() => {
  asked.length = 0
  answers.clear()
  vi.stubGlobal('EventSource', FakeEventSource)
  vi.stubGlobal('fetch', (input: string, init?: RequestInit) => {
    const path = new URL(input, location.href).pathname.replace('/api', '')
    const body = typeof init?.body === 'string' ? ` ${init.body}` : ''
    asked.push(path + body)
    return Promise.resolve(answers.get(path)?.() ?? Response.json({ command: { error: null } }))
  })
})
afterEach(() => {
  askToStop(null)
  vi.unstubAllGlobals()
})

let count = 0
/** A task of its own per test, since what is said of its commands is kept by its name. */
function taskOf(ranMs: number, part: Partial<TaskSummary> = {}): TaskSummary {
  const id = `own-${++count}`
  return {
    ...summaryOf(unknownTask('lab', 'labdaemon', id, 0)),
    status: 'running',
    // With some play, so that no second more turns what is read.
    startedAt: streams.now() - ranMs - 2_000,
    ...part,
  }
}

async function show(make: () => { tasks: TaskSummary[]; button?: TaskSummary }) {
  streams = new Streams({ version: 'test' })
  const { tasks, button } = make()
  const items = new Map(tasks.map((task) => [taskKey(task), task]))
  streams.list('tasks').store.setState({ ready: true, items })
  streams.list('sources').store.setState({ ready: true, items: new Map([['lab', sampleSource('lab')]]) })
  const root = createRootRoute({
    component: () => (
      <>
        {button && <CancelButton source={button.source} id={button.id} long />}
        <StopDialogs />
        <Toaster />
      </>
    ),
  })
  const router = createRouter({ routeTree: root, history: createMemoryHistory() })
  await render(
    <StreamsProvider streams={streams}>
      <WeirProvider client={new WeirClient('')}>
        {/* A router of this test's own: the app's is the registered one. */}
        <RouterProvider router={router as never} />
      </WeirProvider>
    </StreamsProvider>,
  )
  return tasks
}

const showOne = async (ranMs: number, part: Partial<TaskSummary> = {}) => {
  const [task] = await show(() => {
    const one = taskOf(ranMs, part)
    return { tasks: [one], button: one }
  })
  return { id: task!.id, sent: `/tasks/lab/${task!.id}/cancel` }
}

const button = page.getByRole('button', { name: 'Cancel', exact: true })
const dialogOf = (name: string) => page.getByRole('alertdialog', { name, exact: true })
const act = (name: string) => page.getByRole('button', { name, exact: true })
const ring = () => document.querySelector('.hold-ring')

function pointer(type: string, timeStamp?: number): void {
  const event = new PointerEvent(type, {
    bubbles: true,
    isPrimary: true,
    button: 0,
    pointerId: 1,
    relatedTarget: type === 'pointerout' ? document.body : null,
  })
  if (timeStamp !== undefined) Object.defineProperty(event, 'timeStamp', { value: timeStamp })
  button.element().dispatchEvent(event)
}
function key(type: 'keydown' | 'keyup', init: KeyboardEventInit): void {
  button.element().dispatchEvent(new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init }))
}

test('a short task is cancelled at once', async () => {
  const { sent } = await showOne(1_000)
  await button.click()
  await vi.waitFor(() => expect(asked).toEqual([sent]))
  expect(page.getByRole('alertdialog').query()).toBeNull()
})

test('a long task: asked, with what is lost; nothing is sent before it is confirmed', async () => {
  const { id, sent } = await showOne(20 * HOUR, {
    progress: { percent: 41, step: 410, total: 1_000, at: 0 },
  })
  await button.click()
  const dialog = dialogOf(`Cancel ${id}?`)
  await expect.element(dialog).toHaveTextContent('It has run for 20h 0m. It is at 41 %, 410 of 1,000 steps.')
  await expect.element(act('Keep running')).toHaveFocus()
  await act('Keep running').click()
  expect(dialog.query()).toBeNull()
  await expect.element(button).toHaveFocus()
  await userEvent.keyboard('{Escape}')
  expect(asked).toEqual([])

  await button.click()
  await act('Cancel task').click()
  await vi.waitFor(() => expect(asked).toEqual([sent]))
  expect(dialog.query()).toBeNull()
})

test('Enter and Space press; a key that repeats does not', async () => {
  const { id } = await showOne(HOUR)
  for (const name of ['Enter', ' ']) {
    button.element().focus()
    await userEvent.keyboard(name === ' ' ? '[Space]' : '{Enter}')
    await expect.element(dialogOf(`Cancel ${id}?`)).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await vi.waitFor(() => expect(dialogOf(`Cancel ${id}?`).query()).toBeNull())
  }
  // Held since the dialog was answered with it.
  key('keydown', { key: 'Enter', repeat: true })
  expect(ring()).toBeNull()
  // A word is picked in an input method.
  key('keydown', { key: 'Enter', isComposing: true })
  expect(ring()).toBeNull()
  expect(asked).toEqual([])
})

test.each([
  ['a pointer', () => pointer('pointerdown'), () => pointer('pointerup')],
  ['Enter', () => key('keydown', { key: 'Enter' }), () => key('keyup', { key: 'Enter' })],
  ['Space', () => key('keydown', { key: ' ' }), () => key('keyup', { key: ' ' })],
])('held with %s it acts without asking, once', async (_, down, up) => {
  const { sent } = await showOne(HOUR)
  down()
  await vi.waitFor(() => expect(ring()).not.toBeNull())
  await vi.waitFor(() => expect(asked).toEqual([sent]), { timeout: 10_000 })
  await vi.waitFor(() => expect(ring()).toBeNull())
  up()
  button.element().dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }))
  expect(page.getByRole('alertdialog').query()).toBeNull()
  expect(asked).toEqual([sent])
})

test('on a page that is busy the time between the events counts', async () => {
  const { sent } = await showOne(HOUR)
  pointer('pointerdown', 1_000)
  pointer('pointerup', 1_600)
  await vi.waitFor(() => expect(asked).toEqual([sent]))
  expect(page.getByRole('alertdialog').query()).toBeNull()
})

test.each([
  ['leaves', () => pointer('pointerout')],
  ['is taken for scrolling', () => pointer('pointercancel')],
])('a pointer that %s ends the hold without anything', async (_, end) => {
  await showOne(HOUR)
  pointer('pointerdown')
  await vi.waitFor(() => expect(ring()).not.toBeNull())
  end()
  await vi.waitFor(() => expect(ring()).toBeNull())
  pointer('pointerup')
  expect(page.getByRole('alertdialog').query()).toBeNull()
  expect(asked).toEqual([])
})

test('whoever clicks without pressing is asked, and told beforehand', async () => {
  const { id } = await showOne(HOUR)
  await expect
    .element(button)
    .toHaveAccessibleDescription(`Cancel ${id}: asks first. Hold for 0.6 s to cancel without a question`)
  ;(button.element() as HTMLElement).click()
  await expect.element(dialogOf(`Cancel ${id}?`)).toBeVisible()
})

test('a task that ends while it is asked about cannot be cancelled any more', async () => {
  const { id } = await showOne(HOUR)
  await button.click()
  const { store } = streams.list('tasks')
  const items = new Map(store.getState().items)
  const ended = items.get(`lab/${id}`)!
  items.set(`lab/${id}`, { ...ended, status: 'completed' })
  store.setState({ items })
  await expect.element(dialogOf(`Cancel ${id}?`)).toHaveTextContent('It has ended meanwhile: completed.')
  await expect.element(act('Cancel task')).toBeDisabled()
})

test('many: asked when one of them is long, with names and ages', async () => {
  const stop = vi.fn()
  const tasks = await show(() => ({ tasks: [taskOf(HOUR), taskOf(1_000), taskOf(20 * HOUR)] }))
  const ask = (some: TaskSummary[]) => {
    stopOrAsk(streams, { kind: 'many', tasks: some, also: '3 more wait, and do not start.', stop })
  }
  ask([tasks[1]!])
  expect(stop).toHaveBeenCalledOnce()
  ask(tasks)
  const dialog = dialogOf('Cancel 3 tasks?')
  await expect.element(dialog).toHaveTextContent('3 more wait, and do not start.')
  const lines = dialog.getByRole('listitem').elements()
  expect(lines.map(({ textContent }) => textContent)).toEqual([
    `${tasks[2]!.id}20h 0m`,
    `${tasks[0]!.id}1h 0m`,
    'and 1 more',
  ])
  await act('Keep running').click()
  expect(stop).toHaveBeenCalledOnce()
  ask(tasks)
  await act('Cancel tasks').click()
  expect(stop).toHaveBeenCalledTimes(2)
})

test('Stop all: asks once, then says what it reached, task by task', async () => {
  const tasks = await show(() => ({
    tasks: [taskOf(HOUR), taskOf(2_000), taskOf(2_000), taskOf(2_000, { status: 'completed' })],
  }))
  const ids = tasks.map(({ id }) => id)
  const error = (outcome: string, message: string) => ({
    error: { outcome, status: null, type: 'X', message, owner: null },
  })
  answers.set('/sources/lab/stop', () =>
    Response.json({
      commands: [
        { source: 'lab', target: ids[0], error: null },
        { source: 'lab', target: ids[1], ...error('refused', 'it will not') },
        { source: 'lab', target: ids[2], ...error('not-answered', 'silence') },
        { source: 'lab', target: 'elsewhere', error: null },
      ],
      cancelling: [],
      notStarted: 4,
    }),
  )
  askToStop({ kind: 'all' })
  const dialog = dialogOf('Stop all?')
  await expect.element(dialog).toHaveTextContent('All 3 unfinished tasks of all sources are cancelled')
  await expect.element(dialog).toHaveTextContent('Device streams go on')
  expect(asked).toEqual([])
  await act('Stop all tasks').click()
  expect(dialog.query()).toBeNull()
  const report = page.getByRole('region', { name: 'Notices' }).getByRole('status')
  await expect
    .element(report)
    .toHaveTextContent('Stop all: 2 being cancelled, 1 refused, 1 not answered: may have been cancelled.')
  await expect.element(report).toHaveTextContent('4 of batches do not start. Device streams go on.')
  await expect.element(report).toHaveTextContent(`${ids[1]} refused: it will not`)
  await expect.element(report).toHaveTextContent(`${ids[2]} not answered: silence`)
  expect(asked).toEqual(['/sources/lab/stop {"tasks":null}'])
  const { store } = streams.list('tasks')
  store.setState({
    items: new Map([...store.getState().items].map(([key, task]) => [key, { ...task, status: 'cancelled' }])),
  })
  await expect.element(report).toHaveTextContent('Stop all: 3 cancelled, 1 being cancelled.')
})

test('Stop all, while nobody can be asked: not sent', async () => {
  const [task] = await show(() => ({ tasks: [taskOf(HOUR)] }))
  answers.set('/sources/lab/stop', () =>
    Response.json({ title: 'Weir does not answer', status: 503, outcome: 'not-sent' }, { status: 503 }),
  )
  askToStop({ kind: 'all' })
  await act('Stop all tasks').click()
  const report = page.getByRole('region', { name: 'Notices' }).getByRole('status')
  await expect.element(report).toHaveTextContent('Stop all: 1 not sent.')
  await expect.element(report).toHaveTextContent(`${task!.id} not sent: Weir does not answer`)
})

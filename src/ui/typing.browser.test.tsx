import { useState } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { guardComposition } from './composing.ts'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'
import { useHotkeys } from './hotkeys.ts'
import { SuggestField } from './suggest-field.tsx'

const OPTIONS = ['openrouter/alpha', 'openrouter/beta']
const sent = vi.fn()
const closed = vi.fn()
const hot = vi.fn()
const handled = vi.fn()

beforeEach(() => {
  for (const spy of [sent, closed, hot, handled]) spy.mockReset()
})
let release = () => {}
afterEach(() => {
  release()
})

function Form(props: { guarded?: boolean }) {
  const [open, setOpen] = useState(true)
  const [app, setApp] = useState('')
  const [name, setName] = useState('')
  useHotkeys({ 'mod+k': hot })
  return (
    <>
      <button
        type="button"
        onClick={() => {
          setOpen(true)
        }}
      >
        Open
      </button>
      <Dialog
        title="Form"
        open={open}
        guarded={props.guarded ?? false}
        onSubmit={sent}
        footer={<button type="submit">Send</button>}
        onClose={() => {
          closed()
          setOpen(false)
        }}
      >
        <SuggestField
          label="App"
          listLabel="Apps"
          picks
          isWhole={(text) => text.includes('/')}
          value={app}
          onChange={setApp}
          options={OPTIONS.filter((each) => each.includes(app))}
          textOf={String}
          onAsk={() => undefined}
        >
          {(each) => each}
        </SuggestField>
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- a handler as any other of the page */}
        <div onKeyDown={handled}>
          <TextField label="Name" value={name} onChange={setName} />
        </div>
      </Dialog>
    </>
  )
}

const field = (name: string) => page.getByLabelText(name, { exact: true })
const dialog = page.getByRole('dialog', { name: 'Form' })

test('Enter in the App box picks, and never sends the form', async () => {
  await render(<Form />)
  await field('App').fill('beta')
  await userEvent.keyboard('{Enter}')
  await expect.element(field('App')).toHaveValue('openrouter/beta')
  await userEvent.keyboard('{Enter}')
  // A whole name stands, whatever is offered.
  await field('App').fill('openrouter/')
  await userEvent.keyboard('{Enter}')
  await expect.element(field('App')).toHaveValue('openrouter/')
  expect(sent).not.toHaveBeenCalled()
  await field('Name').fill('x')
  await userEvent.keyboard('{Enter}')
  expect(sent).toHaveBeenCalledOnce()
})

test.each(['App', 'Name'])('Ctrl-Enter and Command-Enter send the form from %s, once', async (name) => {
  await render(<Form />)
  await field(name).click()
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  expect(sent).toHaveBeenCalledOnce()
  await userEvent.keyboard('{Meta>}{Enter}{/Meta}')
  expect(sent).toHaveBeenCalledTimes(2)
})

test.each([
  ['isComposing', { isComposing: true }, true],
  ['code 229, as Safari tells the last key', { keyCode: 229 }, true],
  ['where nothing guards the page, and each handler looks itself', { isComposing: true }, false],
])('a key that an input method takes does nothing: %s', async (_, how, guards) => {
  release = guards ? guardComposition(window) : () => {}
  await render(<Form guarded />)
  await field('App').fill('beta')
  for (const name of ['App', 'Name'])
    for (const init of [
      { key: 'Enter' },
      { key: 'Escape' },
      { key: 'Enter', ctrlKey: true },
      { key: 'k', ctrlKey: true },
    ]) {
      const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init, ...how })
      // Some browsers do not take it from the constructor.
      if ('keyCode' in how) Object.defineProperty(event, 'keyCode', { value: 229 })
      field(name).element().dispatchEvent(event)
    }
  for (const spy of [sent, closed, hot, ...(guards ? [handled] : [])]) expect(spy).not.toHaveBeenCalled()
  await expect.element(field('App')).toHaveValue('beta')
})

test('Escape keeps what was typed: it is there when the dialog opens again', async () => {
  await render(<Form />)
  await field('Name').fill('twenty minutes of work')
  await userEvent.keyboard('{Escape}')
  await expect.element(page.getByRole('button', { name: 'Open' })).toBeVisible()
  expect(dialog.query()).toBeNull()
  await page.getByRole('button', { name: 'Open' }).click()
  await expect.element(field('Name')).toHaveValue('twenty minutes of work')
})

test('or it is asked about: Escape keeps, only "Discard" throws away', async () => {
  await render(<Form guarded />)
  await field('Name').fill('x')
  await userEvent.keyboard('{Escape}')
  await expect.element(page.getByRole('alert')).toHaveTextContent('What you changed is not saved.')
  await userEvent.keyboard('{Escape}')
  await expect.element(field('Name')).toHaveValue('x')
  expect(closed).not.toHaveBeenCalled()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'Discard' }).click()
  expect(closed).toHaveBeenCalledOnce()
})

test('nothing is asked where nothing was typed', async () => {
  await render(<Form guarded />)
  await userEvent.keyboard('{Escape}')
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
})

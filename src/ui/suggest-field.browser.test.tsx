import { useState } from 'react'
import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { Combobox } from './combobox.tsx'
import { SuggestField } from './suggest-field.tsx'

function Names() {
  const [value, setValue] = useState('beta')
  return <Combobox label="Name" value={value} onChange={setValue} suggestions={['alpha', 'beta', 'gamma']} />
}

const options = () =>
  page
    .getByRole('option')
    .elements()
    .map((each) => each.textContent)

it('offers all when it is opened, what fits once something is written, and anything may be written', async () => {
  await render(<Names />)
  const field = page.getByRole('combobox', { name: 'Name' })
  await field.click()
  await expect.poll(options).toEqual(['alpha', 'beta', 'gamma'])
  await field.fill('AMM')
  await expect.poll(options).toEqual(['gamma'])
  await userEvent.keyboard('{ArrowDown}{Enter}')
  await expect.element(field).toHaveValue('gamma')
  await expect.poll(options).toEqual([])
  await field.fill('delta')
  await expect.element(field).toHaveValue('delta')
  await expect.element(field).toHaveAttribute('aria-expanded', 'false')
})

it('goes through the list by keys, and Escape closes the list alone', async () => {
  let escaped = 0
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') escaped += 1
  })
  await render(<Names />)
  const field = page.getByRole('combobox', { name: 'Name' })
  await field.click()
  await userEvent.keyboard('{ArrowUp}')
  await expect.element(page.getByRole('option', { name: 'gamma' })).toHaveAttribute('aria-selected', 'true')
  await userEvent.keyboard('{Escape}')
  await expect.poll(options).toEqual([])
  expect(escaped).toBe(0)
  await userEvent.keyboard('{Escape}')
  expect(escaped).toBe(1)
  // A press on an option leaves the focus in the field.
  await userEvent.keyboard('{ArrowDown}')
  await page.getByRole('option', { name: 'alpha' }).click()
  await expect.element(field).toHaveValue('alpha')
  await expect.element(field).toHaveFocus()
})

it('says in words why there is nothing to pick', async () => {
  await render(
    <SuggestField
      label="App"
      value="none"
      onChange={() => undefined}
      options={[]}
      textOf={String}
      onAsk={() => undefined}
      empty="No app is found"
    >
      {String}
    </SuggestField>,
  )
  await page.getByRole('combobox', { name: 'App' }).click()
  await expect.element(page.getByRole('status')).toHaveTextContent('No app is found')
})

import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../helpers/accessible.ts'
import { answered } from '../helpers/console-watch.ts'
import { commandsOf, expectDevices, expectKnown } from '../helpers/screens.ts'

/** A device on the Devices screen, or the device's own page. */
function deviceOf(page: Page, id: string): Locator {
  return page.getByRole('article', { name: id, exact: true })
}

function method(page: Page, name: string): Locator {
  return page.getByRole('region', { name: 'Methods' }).getByRole('group', { name, exact: true })
}

/** The stream of a device's page: its state is an attribute, and words beside it say the same. */
function streamState(page: Page): Locator {
  return page.getByRole('region', { name: 'State' }).locator('[data-stream-state]')
}

/** Waits until the newest value of a channel is another. */
async function expectNewValue(page: Page, channel: string): Promise<void> {
  const row = page.getByRole('region', { name: 'Live data' }).getByRole('row').filter({ hasText: channel })
  await expect(row.first()).toContainText(/\d/)
  const before = await row.first().innerText()
  await expect(row.first()).not.toHaveText(before, { useInnerText: true })
}

test('from the list over connecting and streaming to a second browser that sees the same', async ({
  page,
  relay,
  another,
  console,
}) => {
  console.allow(answered(409))
  await page.goto(relay.at('/devices'))
  await expect(deviceOf(page, 'laser2')).toHaveAttribute('data-connected', 'false')
  await page.getByRole('searchbox', { name: 'Filter devices' }).fill('laser')
  await expect(page).toHaveURL(/q=laser/)
  await expect(deviceOf(page, 'thermo1')).toBeHidden()
  await deviceOf(page, 'laser2').getByRole('button', { name: 'Connect' }).click()
  await expect(deviceOf(page, 'laser2')).toHaveAttribute('data-connected', 'true')
  await expect(deviceOf(page, 'laser2').getByRole('button', { name: 'Disconnect' })).toBeVisible()

  await page.getByRole('searchbox', { name: 'Filter devices' }).fill('thermo')
  await deviceOf(page, 'thermo1').getByRole('link', { name: 'thermo1' }).click()
  await expect(page).toHaveURL(/\/devices\/lab\/thermo1/)
  // Looking starts nothing.
  await expect(streamState(page)).toHaveAttribute('data-stream-state', 'none')
  await page.getByRole('button', { name: 'Start stream' }).click()
  await expect(streamState(page)).toHaveAttribute('data-stream-state', 'open')
  await expectNewValue(page, 'celsius')
  await expect(commandsOf(page).first()).toContainText('Start stream')
  await page.getByRole('combobox', { name: 'Kept when nobody watches' }).selectOption('until stopped')

  const other = await another()
  await other.goto(page.url())
  await expect(streamState(other)).toHaveAttribute('data-stream-state', 'open')
  await expect(other.getByText(/started by another browser/)).toBeVisible()
  await expect(other.getByRole('combobox', { name: 'Kept when nobody watches' })).toHaveValue('null')
  await expectNewValue(other, 'celsius')

  // Somebody else watches: to stop it asks, and to keep it changes nothing.
  await other.getByRole('button', { name: 'Stop stream' }).click()
  const question = other.getByRole('alertdialog', { name: 'Stop stream?' })
  await expect(question).toContainText('2 pages watch thermo1')
  await expect(question.getByRole('button', { name: 'Keep', exact: true })).toBeFocused()
  await other.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await expect(other.getByRole('button', { name: 'Stop stream' })).toBeFocused()
  await expectNewValue(page, 'celsius')
  await other.getByRole('button', { name: 'Stop stream' }).click()
  await question.getByRole('button', { name: 'Stop stream' }).click()
  for (const each of [page, other])
    await expect(streamState(each)).toHaveAttribute('data-stream-state', /none|closed/)
  await expect(page.getByRole('button', { name: 'Start stream' })).toBeVisible()
})

test.describe('with a lab that does not mind', () => {
  // A strict one refuses what a person may choose to do.
  test.use({ labOptions: { strict: false } })

  test('the stream of a device that a task uses is not started before its consequence was accepted', async ({
    page,
    relay,
    lab,
    console,
  }) => {
    console.allow(answered(409))
    await lab.start('acq-1', 'AcquisitionTask', { daq_id: 'daq2', blocks: 10_000, duration: 600 })
    await expectKnown(relay, 'acq-1')
    await page.goto(relay.at('/devices/lab/daq2'))
    await expect(page.getByRole('main').getByRole('link', { name: 'acq-1' }).first()).toBeVisible()
    await expect(page.getByRole('button', { name: 'Disconnect' })).toBeDisabled()

    await page.getByRole('button', { name: 'Start stream' }).click()
    const question = page.getByRole('alertdialog', { name: 'Start stream?' })
    await expect(question).toContainText(/acq-1 may get no data/)
    await expectAccessible(page, 'Start stream?')
    await question.getByRole('button', { name: 'Keep', exact: true }).click()
    await expect(question).toBeHidden()
    await expect(streamState(page)).toHaveAttribute('data-stream-state', 'none')

    // A call is refused for as long, with who holds the device and a way to free it.
    await method(page, 'readings_pushed').getByRole('button', { name: 'Call' }).click()
    const refused = method(page, 'readings_pushed').getByRole('alert')
    await expect(refused).toContainText('DeviceInUse')
    await expect(refused.getByRole('link', { name: 'acq-1' })).toBeVisible()

    await page.getByRole('button', { name: 'Start stream' }).click()
    await question.getByRole('combobox', { name: 'Kept when nobody watches' }).selectOption('1 min')
    await question.getByRole('button', { name: 'Start stream' }).click()
    await expect(streamState(page)).toHaveAttribute('data-stream-state', /open|stalled|silenced/)
    await expect(page.getByRole('combobox', { name: 'Kept when nobody watches' })).toHaveValue('60000')

    await refused.getByRole('button', { name: 'Cancel that task' }).click()
    await page
      .getByRole('alertdialog', { name: 'Cancel acq-1?' })
      .getByRole('button', { name: 'Cancel task' })
      .click()
    await expect(page.getByText('held by nobody')).toBeVisible()
  })
})

test('a method is called wrong, then right, then again from its history', async ({
  page,
  relay,
  console,
}) => {
  console.allow(answered(400))
  await page.goto(relay.at('/devices/lab/laser1'))
  const set = method(page, 'set_wavelength')
  await expect(set).toContainText('1480 to 1640 nm.')
  await expect(page.getByText('stop_streaming')).toBeHidden()
  await set.getByRole('textbox', { name: 'wavelength_nm' }).fill('1')
  await set.getByRole('button', { name: 'Call' }).click()
  await expect(set.getByRole('alert')).toContainText('ValueError')
  await expect(set.getByRole('alert')).toContainText('wavelength 1.0 nm is outside 1480 to 1640 nm')
  await set.getByText('Traceback', { exact: true }).click()
  await expect(set.getByRole('region', { name: 'Traceback' })).toContainText('line 88')
  await set.getByRole('textbox', { name: 'wavelength_nm' }).fill('1551.5')
  await set.getByRole('button', { name: 'Call' }).click()
  await expect(set).toContainText('took')
  await expect(set.getByText('1551.5', { exact: true })).toBeVisible()

  await set.getByRole('button', { name: 'As JSON' }).click()
  await set.getByRole('textbox', { name: 'Arguments' }).fill('[1600]')
  await set.getByRole('button', { name: 'Call' }).click()
  await expect(set.getByText('1600.0', { exact: true })).toBeVisible()
  const calls = page.getByRole('list', { name: 'Calls' }).getByRole('listitem')
  await expect(calls).toHaveCount(3)
  await expect(calls.first()).toContainText('set_wavelength(1600)')
  await calls.filter({ hasText: '1551.5' }).getByRole('button', { name: 'Again' }).click()
  await expect(calls).toHaveCount(4)
  await method(page, 'get_wavelength').getByRole('button', { name: 'Call' }).click()
  await expect(method(page, 'get_wavelength').getByText('1551.5', { exact: true })).toBeVisible()

  // The device remembers its last error until it is cleared.
  await expect(page.getByRole('region', { name: 'State' })).toContainText('ValueError')
  await page.getByRole('button', { name: 'Clear error' }).click()
  await expect(page.getByRole('region', { name: 'State' })).not.toContainText('ValueError')

  // A favourite is on the card, in this browser.
  await page.getByRole('button', { name: 'Pin get_wavelength' }).click()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Devices' }).click()
  await deviceOf(page, 'laser1').getByRole('button', { name: 'get_wavelength' }).click()
  await expect(deviceOf(page, 'laser1')).toContainText('1551.5')
})

test('methods that cannot be listed can be called by name', async ({ page, relay, console }) => {
  console.allow(answered(502))
  await page.goto(relay.at('/devices/lab/infinite1'))
  await expect(page.getByText('The list of methods cannot be read')).toBeVisible()
  const any = method(page, 'Any method')
  await any.getByRole('textbox', { name: 'Method' }).fill('is_connected')
  await any.getByRole('button', { name: 'Call' }).click()
  await expect(any).toContainText(/true|false/)
})

test('a device is added; connecting to it hangs and need not be waited for', async ({
  page,
  relay,
  console,
}) => {
  console.allow(answered(404))
  await page.goto(relay.at('/devices'))
  await expect(deviceOf(page, 'laser1')).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find a task or command' }).fill('add device')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Add device' })
  await dialog.getByRole('combobox', { name: 'Type' }).fill('NoSuchType')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('DeviceTypeNotFound')
  await dialog.getByRole('combobox', { name: 'Type' }).fill('TunableLaser')
  await expect(dialog.getByRole('textbox', { name: 'Device ID' })).toHaveValue('laser3')
  await dialog.getByRole('textbox', { name: 'Parameters' }).fill('{"connect_seconds": 5}')
  await expectAccessible(page, 'Add device')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(dialog).toBeHidden()

  const laser = deviceOf(page, 'laser3')
  await expect(laser).toHaveAttribute('data-connected', 'false')
  await laser.getByRole('button', { name: 'Connect' }).click()
  await expect(laser).toContainText(/connecting… \d+ s/)
  await laser.getByRole('button', { name: 'Stop waiting' }).click()
  await expect(laser).toContainText(/connect was asked at .* no answer yet/)
  await expect(laser.getByRole('button', { name: 'Connect' })).toBeEnabled()
  // The request went on all the same.
  await expect(laser).toHaveAttribute('data-connected', 'true')
  await laser.getByRole('link', { name: 'laser3' }).click()
  await expect(commandsOf(page).filter({ hasText: 'Connect' })).toContainText('Effective')
  await expect(method(page, 'get_power')).toBeVisible()
})

test('a source that is busy with one device shows all of them as last seen, not as disconnected', async ({
  page,
  relay,
}) => {
  await page.goto(relay.at('/devices/lab/laser1'))
  const settle = method(page, 'settle')
  await settle.getByRole('textbox', { name: 'seconds' }).fill('7')
  await settle.getByRole('button', { name: 'Call' }).click()
  await expect(settle).toContainText(/running, \d+ s/)
  await expect(page.getByRole('status', { name: 'Sources' })).toContainText(
    /settle\(.*\) of laser1.*is running/,
  )
  await expect(deviceOf(page, 'laser1')).toContainText('As last seen')
  await expect(deviceOf(page, 'laser1')).toHaveAttribute('data-connected', 'true')
  await settle.getByRole('button', { name: 'Stop waiting' }).click()
  await expect(settle).toContainText('Not waiting any more')
  const call = page.getByRole('list', { name: 'Calls' }).getByRole('listitem').first()
  await expect(call).toContainText(/null · |null.*s$/s)
})

test('devices from the keyboard, without sideways scroll, accessible in both themes', async ({
  page,
  relay,
  lab,
}) => {
  await lab.start('sweep-1', 'SweepTask', { steps: 600, delay: 0.1 })
  await expectKnown(relay, 'sweep-1')
  await expectDevices(relay)
  await relay.api('/devices/lab/thermo1/stream/start', {})
  await page.goto(relay.at('/devices'))
  await expect(deviceOf(page, 'laser1')).toBeVisible()
  await page.keyboard.press('j')
  await expect(page.getByRole('link', { name: 'bare1' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('link', { name: 'counter1' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'counter1' })).toBeVisible()
  await page.keyboard.press('Alt+ArrowLeft')

  for (const path of [
    '/devices',
    '/devices?view=table',
    '/devices?state=owned,error',
    '/devices/lab/thermo1',
    '/devices/lab/laser1',
    '/devices/lab/none',
  ]) {
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(relay.at(path))
    await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible()
    await expect(page.getByText(/^Loading/)).toHaveCount(0)
    await expectAccessible(page, path)
    await page.setViewportSize({ width: 360, height: 740 })
    await expectNoSidewaysScroll(page, path)
  }
})

test('a wall shows what devices stream, by its address', async ({ page, relay }) => {
  await expectDevices(relay)
  await relay.api('/devices/lab/thermo1/stream/start', {})
  await page.goto(relay.at('/wall'))
  await page.getByRole('button', { name: 'Add panel' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add panel' })
  await dialog.getByRole('radio', { name: 'Device' }).click()
  // What Weir streams stands first.
  await expect(dialog.getByRole('listitem').first()).toContainText('thermo1')
  await dialog.getByRole('searchbox', { name: 'Search devices' }).fill('thermo')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('region', { name: 'thermo1', exact: true })
  await expect(panel.locator('[data-stream-state]')).toHaveAttribute('data-stream-state', 'open')
  await expect(panel.getByRole('row').filter({ hasText: 'celsius' }).first()).toContainText(/2\d\.\d/)
  await page.reload()
  await expect(page).toHaveURL(/panels=device:lab\/thermo1:6x10/)
  await expect(panel.getByRole('row').filter({ hasText: 'celsius' }).first()).toContainText(/2\d\.\d/)
  await panel.getByRole('link', { name: 'thermo1' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'thermo1' })).toBeVisible()
  await expect(method(page, 'set_rate')).toBeVisible()
})

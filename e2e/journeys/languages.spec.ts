import { expect, test } from '../fixtures.ts'
import { expectDevices } from '../helpers/screens.ts'

/** What kiosk browsers say that were started without a locale. */
for (const language of ['C', '', 'POSIX', 'en_US.UTF-8', undefined])
  test(`a browser whose language is ${JSON.stringify(language) ?? 'undefined'} shows plots, logs and times`, async ({
    page,
    relay,
    lab,
  }) => {
    await page.addInitScript((said) => {
      Object.defineProperty(Navigator.prototype, 'language', { get: () => said })
      Object.defineProperty(Navigator.prototype, 'languages', {
        get: () => (said === undefined ? [] : [said]),
      })
    }, language)
    await lab.start('run-1', 'PausableTask', { steps: 600, delay: 0.1 })
    await expectDevices(relay)
    await page.goto(relay.at('/devices/lab/thermo1'))
    await page.getByRole('button', { name: 'Start stream', exact: true }).first().click()
    await expect(page.getByRole('img', { name: /^Plot of/ }).first()).toBeVisible()
    await page.goto(relay.at('/tasks/lab/run-1?tab=log'))
    await expect(page.getByRole('log', { name: 'Log' })).toContainText(/step \d+/)
    await expect(page.getByText(/^started|first seen/).first()).toBeVisible()
  })

import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** What depends on the theme. */
const COLOURS = ['color-contrast', 'link-in-text-block']

/** No violation of WCAG 2.2 A and AA that axe can find, in the light theme and in the dark one. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const theme = colorScheme === 'dark' ? '[data-theme="dark"]' : ':not([data-theme])'
    await expect(page.locator(`html${theme}`)).toBeAttached()
    // Colours fade from one theme to the other.
    await page.evaluate(() =>
      Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
    )
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] })
    const { violations } = await (
      colorScheme === 'light' ? axe.withTags(TAGS) : axe.withRules(COLOURS)
    ).analyze()
    const found = violations.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 5)
        .map(
          (node) => `${id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`,
        ),
    )
    expect.soft(found, `${what}, ${colorScheme}`).toEqual([])
  }
}

/** Nothing is wider than the screen. */
export async function expectNoSidewaysScroll(page: Page, what: string): Promise<void> {
  const wide = await page.evaluate(() => {
    const found: string[] = []
    for (let element = document.querySelector('main'); element; element = element.parentElement)
      if (element.scrollWidth > element.clientWidth)
        found.push(`${element.tagName}: ${element.scrollWidth} of ${element.clientWidth} px`)
    return found
  })
  expect.soft(wide, what).toEqual([])
}

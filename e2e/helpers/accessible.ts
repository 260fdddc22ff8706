import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** No violation of WCAG 2.2 A and AA that axe can find, in the light theme and in the dark one. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(
      page.locator(`html${colorScheme === 'dark' ? '[data-theme="dark"]' : ':not([data-theme])'}`),
    ).toBeAttached()
    // Colours fade from one theme to the other.
    await page.evaluate(() =>
      Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
    )
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
    const found = violations.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 5)
        .map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`),
    )
    expect(found, `${what}, ${colorScheme}`).toEqual([])
  }
}

/** Nothing is wider than the screen. */
export async function expectNoSidewaysScroll(page: Page, what: string): Promise<void> {
  const wide = await page.evaluate(() => {
    const over = (element: Element) => element.scrollWidth > element.clientWidth + 1
    const found: string[] = []
    if (over(document.documentElement)) found.push(`page ${document.documentElement.scrollWidth}`)
    for (let element = document.querySelector('main'); element; element = element.parentElement)
      if (over(element)) found.push(`${element.tagName} ${element.scrollWidth}`)
    return found
  })
  expect(wide, what).toEqual([])
}

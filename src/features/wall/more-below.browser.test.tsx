import { expect, it } from 'vitest'
import { render } from 'vitest-browser-react'
import { MoreBelow } from './more-below.tsx'

const hint = () => document.querySelector('[data-more-below]')

it('says that there is more below until it is reached', async () => {
  const all = (height: number) => (
    <div style={{ height: 200 }}>
      <MoreBelow>
        <div style={{ height }}>content</div>
      </MoreBelow>
    </div>
  )
  const screen = await render(all(600))
  await expect.poll(hint).not.toBeNull()
  const content = screen.getByText('content').element()
  content.scrollIntoView({ block: 'end' })
  await expect.poll(hint).toBeNull()
  await screen.rerender(all(900))
  await expect.poll(hint).not.toBeNull()
  await screen.rerender(all(100))
  await expect.poll(hint).toBeNull()
})

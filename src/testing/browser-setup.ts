import { afterEach, beforeEach, expect, vi } from 'vitest'
import '#app/theme.css'

// A noisy test fails: what the console says is a fault until a test expects it.
beforeEach(() => {
  vi.spyOn(console, 'error')
  vi.spyOn(console, 'warn')
})
afterEach(() => {
  expect(vi.mocked(console.error).mock.calls).toEqual([])
  expect(vi.mocked(console.warn).mock.calls).toEqual([])
  vi.restoreAllMocks()
})

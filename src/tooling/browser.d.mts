import type { LaunchOptions } from 'playwright'
export function browserPath(): string | null
export function findBrowser(): LaunchOptions
export function ensureBrowser(): void

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App, connect } from '#app/app.tsx'
import { mendLanguage } from '#lib/locale.ts'
import { guardComposition } from '#ui/composing.ts'
import { watchTheme } from '#app/theme.ts'
import '#app/theme.css'

async function boot(): Promise<void> {
  mendLanguage(navigator)
  guardComposition(window)
  // A constant of the build: elsewhere neither the branch nor what it imports exists.
  if (import.meta.env.MODE === 'mock' || import.meta.env.MODE === 'demo')
    await (await import('#app/mock.ts')).startMock()
  void connect()
  watchTheme()
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}

void boot()

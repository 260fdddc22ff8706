// Before the first paint, so that a dark page never flashes white.
{
  let theme = null
  try {
    theme = localStorage.getItem('weir:theme')
  } catch {
    // Storage may be blocked; the system's choice stands.
  }
  if (theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches))
    document.documentElement.dataset.theme = 'dark'
}

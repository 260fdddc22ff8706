/** True for the service's own file hosts, whose media load without asking. */
export function isOwnHost(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url)
    return (protocol === 'https:' || protocol === 'http:') && /(?:^|\.)inference\.sh$/.test(hostname)
  } catch {
    return false
  }
}

import { createContext, useContext, type ReactNode } from 'react'
import type { WeirClient } from '#protocols/weir/client.ts'

const Context = createContext<WeirClient | null>(null)

export function WeirProvider(props: { client: WeirClient; children: ReactNode }) {
  return <Context value={props.client}>{props.children}</Context>
}

/** The relay's REST API, for commands and for what is asked for once. */
export function useWeir(): WeirClient {
  const client = useContext(Context)
  if (!client) throw new Error('useWeir needs a WeirProvider above it')
  return client
}

import { Link } from '@tanstack/react-router'

/** A link to a device's page, in the colour of links. */
export function DeviceLink(props: { source: string; id: string; children: string }) {
  return (
    <Link
      to="/devices/$source/$deviceId"
      params={{ source: props.source, deviceId: props.id }}
      className="text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-current"
    >
      {props.children}
    </Link>
  )
}

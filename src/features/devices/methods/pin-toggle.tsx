import { deviceKey, type Device } from '#model/device.ts'
import { classes } from '#ui/classes.ts'
import { useStored } from '#ui/stored.ts'
import { favourites, toggleFavourite } from '../favourites.ts'

/** Pins a method on its device's card, in this browser. */
export function PinToggle(props: { device: Device; name: string; ready: boolean }) {
  const { device, name, ready } = props
  const [all, setAll] = useStored(favourites)
  const key = deviceKey(device)
  const list = all[key] ?? []
  const pinned = list.some((each) => each.name === name)
  return (
    <button
      type="button"
      aria-pressed={pinned}
      aria-label={`Pin ${name}`}
      title={pinned ? 'On the card of this device' : 'Put on the card of this device'}
      onClick={() => {
        setAll({ ...all, [key]: toggleFavourite(list, { name, ready }) })
      }}
      className={classes(
        'grid size-[26px] shrink-0 place-items-center rounded-md hover:bg-hover',
        pinned ? 'text-accent' : 'text-faint hover:text-ink',
      )}
    >
      <svg
        viewBox="0 0 16 16"
        width="14"
        height="14"
        aria-hidden="true"
        fill={pinned ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinejoin="round"
      >
        <path d="m8 1.8 1.9 4 4.3.6-3.1 3 .8 4.4L8 11.700l-3.900 2.100.8-4.400-3.100-3 4.300-.600z" />
      </svg>
    </button>
  )
}

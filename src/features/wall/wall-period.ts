/** Dozens of panels are read at a glance: four looks a second are enough, and leave frames free. */
export const WALL_PERIOD_MS = 250

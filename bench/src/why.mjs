/** Why a target isn't reached, from a profile (`node --cpu-prof`). Written by hand; shown where the run misses it. */
export const WHY = {}

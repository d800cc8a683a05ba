/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * `error` is how far the median of another run would be off, nineteen times in twenty: two standard errors, from the median deviation.
 * @param {readonly number[]} values
 */
export function spread(values) {
  const middle = median(values)
  const deviation = median(values.map((value) => Math.abs(value - middle)))
  const error = (2 * 1.253 * 1.483 * deviation) / Math.sqrt(values.length)
  return { median: middle, min: Math.min(...values), max: Math.max(...values), error }
}

/** Three significant digits. @param {number} value */
export function round(value) {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3).replace(/\.?0+$/, '')
}

import type { Bounds } from './driver.ts'

export function isWithin(value: number, { min, max }: Bounds): boolean {
  return (min === null || value >= min) && (max === null || value <= max)
}

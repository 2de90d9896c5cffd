import type { Random } from '../kernel/random.ts'

/** Chance that a seed repeats: the same seed gives the same run. Mulberry32; not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  return {
    hex: (bytes) =>
      Array.from({ length: bytes }, () => (next() & 0xff).toString(16).padStart(2, '0')).join(''),
    below: (limit) => Math.floor((next() / 2 ** 32) * limit),
  }
}

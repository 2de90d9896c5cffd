import { randomBytes, randomInt } from 'node:crypto'
import type { Random } from '../random.ts'

/** The kernel's random source. */
export const systemRandom: Random = {
  hex: (bytes) => randomBytes(bytes).toString('hex'),
  below: (limit) => randomInt(limit),
}

import { randomFillSync, randomInt } from 'node:crypto'
import type { Random } from '../random.ts'

/** Asking the kernel costs the same for 16 bytes and for thousands, so it is asked for many at once. */
const pool = Buffer.alloc(8192)
let used = pool.length

/** The kernel's random source. Bytes are given out once and wiped. */
export const systemRandom: Random = {
  hex(bytes) {
    if (bytes > pool.length) return randomFillSync(Buffer.alloc(bytes)).toString('hex')
    if (used + bytes > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    const text = pool.toString('hex', used, used + bytes)
    pool.fill(0, used, used + bytes)
    used += bytes
    return text
  },
  below: (limit) => randomInt(limit),
}

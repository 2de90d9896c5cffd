import { validationError } from '../errors.ts'
import type { KmsOperation } from '../service-deps.ts'

/** KMS gives no more at once. */
const bytesMax = 1024

export const generateRandom: KmsOperation<'GenerateRandom'> = {
  accepts: { NumberOfBytes: true },
  async handle(input, _, { random }) {
    const count = input.NumberOfBytes ?? 0
    if (count < 1 || count > bytesMax) {
      throw validationError(`NumberOfBytes must be between 1 and ${bytesMax}`)
    }
    return { Plaintext: Buffer.from(random.hex(count), 'hex') }
  },
}

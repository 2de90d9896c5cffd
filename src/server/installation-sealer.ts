import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sealer } from '../kernel/sealer.ts'
import { writeSecret } from './installation.ts'

const keyBytes = 32
const ivBytes = 12
const tagBytes = 16
const fileName = 'sealing.key'

/** AES-256-GCM under the key in `sealing.key` (0600) of the data directory, made at first start. Losing the file loses what is sealed. */
export async function installationSealer(dataDirectory: string): Promise<Sealer> {
  const path = join(dataDirectory, fileName)
  const known = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOENT') throw thrown
    return undefined
  })
  const key = known === undefined ? randomBytes(keyBytes) : Buffer.from(known.trim(), 'base64')
  if (key.length !== keyBytes) throw new Error(`${path} does not hold a key of ${keyBytes} bytes`)
  if (known === undefined) await writeSecret(path, `${key.toString('base64')}\n`)
  return sealerOf(key)
}

/** `base64(iv ‖ tag ‖ ciphertext)` */
export function sealerOf(key: Buffer): Sealer {
  return {
    seal(text, context) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context))
      const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), bytes]).toString('base64')
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
      const text = decipher.update(bytes.subarray(ivBytes + tagBytes))
      return Buffer.concat([text, decipher.final()]).toString('utf8')
    },
  }
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyPair } from '../identity/create-identity.ts'
import { writeSecret } from './installation.ts'

/** The root access key of the installation's account, kept in `keys.json` (0600) for `evenkeel env`. */
export async function readKeys(dataDirectory: string): Promise<KeyPair | undefined> {
  try {
    return JSON.parse(await readFile(join(dataDirectory, 'keys.json'), 'utf8')) as KeyPair
  } catch {
    return undefined
  }
}

/** The same key for the agent of this host, in a file of its own: it is to get a lesser one when policies are enforced. */
export async function writeKeys(dataDirectory: string, keys: KeyPair): Promise<void> {
  const text = `${JSON.stringify(keys, null, 2)}\n`
  await writeSecret(join(dataDirectory, 'keys.json'), text)
  await writeSecret(join(dataDirectory, 'agent-credentials.json'), text)
}

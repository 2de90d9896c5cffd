import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeThroughMap } from '../drivers/namespaces/index.ts'
import type { InstallationFile } from '../protocol/run-directory.ts'

/** An installation on this machine: its data directory, and the short private folder for its sockets. */
export interface Installation {
  readonly dataDirectory: string
  readonly runDirectory: string
}

/**
 * Makes both folders, private to this user. The run directory's name follows from the data directory's path, so that every
 * process and the next start find the same one, and two installations never share.
 */
export async function openInstallation(dataDirectory: string): Promise<Installation> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
  await chmod(dataDirectory, 0o700)
  const runDirectory = runDirectoryOf(dataDirectory)
  await mkdir(runDirectory, { recursive: true, mode: 0o700 })
  // Not what a link of that name leads to: temporary folders are everybody's.
  const found = await lstat(runDirectory)
  const me = process.getuid?.()
  if (!found.isDirectory()) throw new Error(`${runDirectory} is no folder; remove it`)
  if (found.uid !== me) {
    throw new Error(`${runDirectory} belongs to another user (uid ${found.uid}); remove it`)
  }
  await chmod(runDirectory, 0o700)
  await mkdir(join(runDirectory, 'control'), { recursive: true, mode: 0o700 })
  return { dataDirectory, runDirectory }
}

function runDirectoryOf(dataDirectory: string): string {
  const mark = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 10)
  const base = process.env['XDG_RUNTIME_DIR'] ?? tmpdir()
  const short = base.length <= 40 ? base : '/tmp'
  return join(short, `evenkeel-${process.getuid?.() ?? 0}-${mark}`)
}

/** Removes everything an earlier run left, keys included: `--fresh`. */
export async function clearInstallation(dataDirectory: string): Promise<void> {
  try {
    await rm(dataDirectory, { recursive: true, force: true })
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') throw thrown
    // Files of machines' own users are an ordinary user's only through the map of user ids that made them.
    await removeThroughMap(dataDirectory)
  }
}

export async function writeInstallationFile(
  installation: Installation,
  file: InstallationFile,
): Promise<void> {
  await writeSecret(
    join(installation.dataDirectory, 'instance.json'),
    `${JSON.stringify(file, null, 2)}\n`,
  )
}

export async function readInstallationFile(
  dataDirectory: string,
): Promise<InstallationFile | undefined> {
  try {
    return JSON.parse(
      await readFile(join(dataDirectory, 'instance.json'), 'utf8'),
    ) as InstallationFile
  } catch {
    return undefined
  }
}

/** Whole or not at all, readable by this user alone. */
export async function writeSecret(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

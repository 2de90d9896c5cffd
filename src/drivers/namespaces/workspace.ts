import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeDefaultImage } from './default-image.ts'
import type { UserMap } from './holder.ts'
import { makeSlots } from './mounted-slots.ts'
import { workspacePath } from './paths.ts'
import { blankPath, ownFolders, planBlankMounts } from './plan-mounts.ts'
import { runCommand } from './run-command.ts'

/** What all machines of an installation share, prepared once on the holder's tmpfs. */
export interface Workspace {
  readonly path: string
  readonly dataDirectory: string
  readonly runDirectory: string
  readonly userMap: UserMap
  readonly imageLayer: string
  readonly systemFolders: readonly string[]
}

/** The folder that holds `src`, `package.json` and `node_modules`. */
const application = resolve(fileURLToPath(new URL('../../..', import.meta.url)))

/** Prepares the workspace, or finds it prepared by an earlier host process. Runs inside the holder. */
export async function openWorkspace(options: {
  dataDirectory: string
  runDirectory: string
  userMap: UserMap
}): Promise<Workspace> {
  const path = workspacePath(options.runDirectory)
  const ready = join(path, 'ready')
  if (!existsSync(ready)) {
    for (const name of ['data', 'dev', 'platform', 'root'])
      mkdirSync(join(path, name), { recursive: true })
    await mountOnce(options.dataDirectory, join(path, 'data'), 'bind')
    await makeDevices(join(path, 'dev'))
    await makePlatform(join(path, 'platform'))
    await makeSlots(path)
    writeFileSync(ready, '')
  }
  for (const name of ownFolders) mkdirSync(join(blankPath(path), name), { recursive: true })
  writeFileSync(blankFstab(path), planBlankMounts(path, new Set(readdirSync('/proc'))))
  // A machine's mounts are copied before it is known what it is: what is mounted here later, as the namespace of a VPC, reaches it.
  await runCommand('mount', ['-n', '--make-shared', path])
  const imageLayer = await makeDefaultImage(join(path, 'data', 'images'))
  return {
    ...options,
    path,
    imageLayer,
    systemFolders: systemFolders(),
  }
}

/** What each blank mounts. */
export const blankFstab = (workspace: string): string => join(workspace, 'blank.fstab')

const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty']

/** Bound one by one, because an ordinary user cannot make device nodes. */
async function makeDevices(folder: string): Promise<void> {
  for (const name of devices) {
    writeFileSync(join(folder, name), '')
    await mountOnce(`/dev/${name}`, join(folder, name), 'bind')
  }
  mkdirSync(join(folder, 'pts'), { recursive: true })
  mkdirSync(join(folder, 'shm'), { recursive: true })
  const links = {
    fd: '/proc/self/fd',
    stdin: 'fd/0',
    stdout: 'fd/1',
    stderr: 'fd/2',
    ptmx: 'pts/ptmx',
  }
  for (const [name, target] of Object.entries(links))
    if (!isThere(join(folder, name))) symlinkSync(target, join(folder, name))
}

/** `/opt/evenkeel` of every machine: the platform's Node and sources, nothing else of the host machine's folders. */
async function makePlatform(folder: string): Promise<void> {
  mkdirSync(join(folder, 'bin'), { recursive: true })
  mkdirSync(join(folder, 'app'), { recursive: true })
  writeFileSync(join(folder, 'bin', 'node'), '')
  await mountOnce(process.execPath, join(folder, 'bin', 'node'), 'bind,ro')
  for (const name of ['src', 'package.json', 'node_modules']) {
    const source = join(application, name)
    if (!existsSync(source)) continue
    const target = join(folder, 'app', name)
    if (name === 'package.json') writeFileSync(target, '')
    else mkdirSync(target, { recursive: true })
    await mountOnce(source, target, 'bind,ro')
  }
  chmodSync(folder, 0o755)
}

/** `/usr`, and of the old top-level folders those that are not links into it. */
function systemFolders(): readonly string[] {
  const old = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']
  return ['/usr', ...old.filter((path) => isThere(path) && !lstatSync(path).isSymbolicLink())]
}

async function mountOnce(source: string, target: string, options: string): Promise<void> {
  const mounts = await runCommand('findmnt', [
    '--noheadings',
    '--output',
    'TARGET',
    '--mountpoint',
    target,
  ]).catch(() => '')
  if (mounts.trim() === '') await runCommand('mount', ['-n', '-o', options, source, target])
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

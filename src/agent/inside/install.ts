import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  rmdirSync,
  symlinkSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { note } from './archive.ts'
import { machineRoot, layoutOf } from './layout.ts'
import { applyPermissions } from './permissions.ts'
import type { InstallRequest } from './requests.ts'

interface PlannedFile {
  readonly source: string
  readonly target: string
}

export interface InstallPlan {
  readonly folders: readonly string[]
  readonly files: readonly PlannedFile[]
}

/**
 * Takes away what the group installed last, then copies this deployment's files and sets their permissions. The list of what is to be
 * taken away next time is written before the first copy: an install that was cut off is cleaned up when it runs again.
 */
export function install(request: InstallRequest): object {
  const layout = layoutOf(request.groupId, request.deploymentId)
  cleanUp(layout.cleanup)
  const plan = planInstall(request, layout.archive)
  note(layout.cleanup, JSON.stringify([...plan.folders, ...plan.files.map((file) => file.target)]))
  for (const folder of plan.folders) mkdirSync(folder, { recursive: true })
  for (const file of plan.files) copy(file)
  applyPermissions(plan, request.permissions)
  note(layout.lastSuccessful, layout.deployment)
  return {}
}

/** In reverse; folders only when they are empty. */
function cleanUp(list: string): void {
  if (!existsSync(list)) return
  const paths = JSON.parse(readFileSync(list, 'utf8')) as string[]
  for (const path of paths.toReversed()) {
    const status = lstatSync(path, { throwIfNoEntry: false })
    if (!status) continue
    if (!status.isDirectory()) rmSync(path, { force: true })
    else if (readdirSync(path).length === 0) rmdirSync(path)
  }
}

function planInstall(request: InstallRequest, archive: string): InstallPlan {
  const folders = new Set<string>()
  const files = new Map<string, string>()
  const add = (source: string, target: string): void => {
    const status = lstatSync(source, { throwIfNoEntry: false })
    if (!status) throw new Error(`the bundle has no ${source.slice(archive.length + 1)}`)
    if (status.isDirectory()) {
      addFolder(folders, target)
      for (const name of readdirSync(source)) add(join(source, name), join(target, name))
      return
    }
    const taken = files.get(target)
    if (taken !== undefined) {
      throw new Error(`two files of the bundle go to ${target}: ${taken} and ${source}`)
    }
    if (lstatSync(target, { throwIfNoEntry: false })) {
      if (request.fileExistsBehavior === 'RETAIN') return
      if (request.fileExistsBehavior === 'DISALLOW') {
        throw new Error(
          `The deployment failed because a specified file already exists at this location: ${target}`,
        )
      }
    }
    files.set(target, source)
  }
  for (const { source, destination } of request.files) {
    const from = join(archive, source)
    const to = join(machineRoot, '/', destination)
    const isFolder = lstatSync(from, { throwIfNoEntry: false })?.isDirectory() ?? false
    if (!isFolder) addFolder(folders, to)
    add(from, isFolder ? to : join(to, basename(from)))
  }
  return {
    folders: [...folders],
    files: [...files].map(([target, source]) => ({ source, target })),
  }
}

/** Only folders that are not there yet are ours to take away again. */
function addFolder(folders: Set<string>, folder: string): void {
  if (existsSync(folder) || folders.has(folder)) return
  addFolder(folders, dirname(folder))
  folders.add(folder)
}

function copy(file: PlannedFile): void {
  const status = lstatSync(file.source)
  rmSync(file.target, { force: true })
  if (status.isSymbolicLink()) {
    symlinkSync(readlinkSync(file.source), file.target)
    return
  }
  copyFileSync(file.source, file.target)
  chmodSync(file.target, status.mode & 0o7777)
}

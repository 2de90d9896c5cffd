import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { layoutOf, notedFolder } from './layout.ts'
import type {
  AdoptAnswer,
  AdoptRequest,
  LookAnswer,
  LookRequest,
  PrepareAnswer,
  PrepareRequest,
  ReuseAnswer,
  ReuseRequest,
} from './requests.ts'

/** Revisions that stay in a machine for one group. */
const revisionsMax = 5

const eventsOfOldRevision = ['BeforeBlockTraffic', 'AfterBlockTraffic', 'ApplicationStop']

/** Before a deployment's own bundle is there, its events are those of the revision that was last installed. */
export function look(request: LookRequest): LookAnswer {
  const layout = layoutOf(request.groupId, request.deploymentId)
  if (existsSync(layout.archive)) return revisionIn(layout.archive, request.appspecFileName)
  if (request.isReturn) {
    // The environment that gives the traffic back runs the newest hooks, the one that takes it those of its last good install.
    const leaves = request.event.endsWith('BlockTraffic')
    return earlier(request, leaves ? layout.mostRecent : layout.lastSuccessful)
  }
  if (!eventsOfOldRevision.includes(request.event)) {
    throw new Error(`the bundle of ${request.deploymentId} is not on this machine`)
  }
  return earlier(request, layout.lastSuccessful)
}

function earlier(request: LookRequest, noted: string): LookAnswer {
  const last = notedFolder(noted)
  if (last === undefined) return {}
  return revisionIn(join(last, 'deployment-archive'), request.appspecFileName)
}

function revisionIn(folder: string, wanted: string): LookAnswer {
  const name = [wanted, 'appspec.yml', 'appspec.yaml'].find((candidate) =>
    existsSync(join(folder, candidate)),
  )
  if (name === undefined) return {}
  return { revision: { folder, appspec: readFileSync(join(folder, name), 'utf8') } }
}

export function prepare(request: PrepareRequest): PrepareAnswer {
  const layout = layoutOf(request.groupId, request.deploymentId)
  prune(layout.group, request.deploymentId, notedFolder(layout.lastSuccessful))
  rmSync(layout.partial, { recursive: true, force: true })
  rmSync(layout.archive, { recursive: true, force: true })
  mkdirSync(layout.partial, { recursive: true })
  return { folder: layout.partial }
}

/** The oldest go first; the last that was installed stays: its ApplicationStop is still to run. */
function prune(group: string, current: string, lastSuccessful: string | undefined): void {
  if (!existsSync(group)) return
  const others = readdirSync(group)
    .map((name) => join(group, name))
    .filter((folder) => folder !== join(group, current) && folder !== lastSuccessful)
    .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  const keeps = revisionsMax - 1 - (lastSuccessful === undefined ? 0 : 1)
  for (const folder of others.slice(keeps)) rmSync(folder, { recursive: true, force: true })
}

export function adopt(request: AdoptRequest): AdoptAnswer {
  const layout = layoutOf(request.groupId, request.deploymentId)
  if (existsSync(layout.partial)) renameSync(layout.partial, layout.archive)
  note(layout.mostRecent, layout.deployment)
  return { folder: layout.archive }
}

/** A copy, so that the earlier deployment's may be pruned; links where the file system has them would share what hooks may change. */
export function reuse(request: ReuseRequest): ReuseAnswer {
  const source = layoutOf(request.groupId, request.of)
  const layout = layoutOf(request.groupId, request.deploymentId)
  if (request.of === request.deploymentId) return {}
  if (!existsSync(join(source.archive, request.appspecFileName))) return {}
  prepare({ ...request, verb: 'prepare' })
  cpSync(source.archive, layout.partial, { recursive: true, verbatimSymlinks: true })
  const { folder } = adopt({ ...request, verb: 'adopt' })
  return revisionIn(folder, request.appspecFileName)
}

/** Whole or not at all, whenever the machine dies. */
export function note(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, content)
  renameSync(`${path}.new`, path)
}

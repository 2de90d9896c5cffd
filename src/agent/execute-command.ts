import { parseArn } from '../kernel/arn.ts'
import { DriverError } from '../kernel/errors.ts'
import { parseAppspec, scriptHooks, type Appspec } from '../protocol/appspec.ts'
import type { Endpoint, PolledCommand } from './commands-client.ts'
import { fetchBundle, type FetchedBundle } from './fetch-bundle.ts'
import { fetchCommit } from './fetch-commit.ts'
import type {
  AdoptAnswer,
  CommandEnd,
  LookAnswer,
  PrepareAnswer,
  ReuseAnswer,
} from './inside/requests.ts'
import { machineIdOf } from './host-identifier.ts'
import { InsideFailure, runInside, type Inside } from './run-inside.ts'
import { hookEnvironment, type Specification } from './specification.ts'

/** What commands are carried out with. */
export interface Workshop {
  readonly inside: Inside
  readonly endpoint: Endpoint
  /** Where the archives of commits are, without a slash at its end. */
  readonly gitHubUrl: string
  /** For bundles on their way; private. */
  readonly directory: string
  /**
   * Revisions that machines are known to have, by machine and deployment, and what they had before it: saves looking before each event.
   * Undefined: it is known that there is none.
   */
  readonly known: Map<string, KnownRevision | undefined>
}

export interface KnownRevision {
  readonly folder: string
  readonly appspec: Appspec
}

/** Above it the oldest are forgotten, and looked up again when needed. */
const knownMax = 10_000

interface Work {
  readonly machineId: string
  readonly account: string
  readonly region: string
  readonly event: string
  readonly specification: Specification
  readonly at: { readonly groupId: string; readonly deploymentId: string }
  readonly appspecFileName: string
  tell(log: string): void
}

/** Carries a command out. Repeating it is safe: hooks are attached to, the rest is done anew. Throws a `DriverError` to be tried again. */
export async function executeCommand(
  workshop: Workshop,
  command: PolledCommand,
  tell: (log: string) => void,
): Promise<CommandEnd> {
  const work = open(command, workshop.endpoint.region, tell)
  switch (command.CommandName) {
    case 'DownloadBundle':
      return downloadBundle(workshop, work)
    case 'Install':
      return install(workshop, work)
    default:
      if (scriptHooks.includes(command.CommandName)) return runHook(workshop, work)
      return failure(`Unsupported command type: ${command.CommandName}.`)
  }
}

function open(command: PolledCommand, ownRegion: string, tell: (log: string) => void): Work {
  const arn = parseArn(command.HostIdentifier)
  const specification = JSON.parse(command.Specification) as Specification
  return {
    machineId: machineIdOf(command.HostIdentifier),
    account: arn?.account ?? '',
    // The ARN of a user or a session has none.
    region: arn?.region || ownRegion,
    event: command.CommandName,
    specification,
    at: {
      groupId: specification.DeploymentGroupId,
      deploymentId: specification.DeploymentId,
    },
    appspecFileName: specification.AppSpecFilename ?? 'appspec.yml',
    tell,
  }
}

async function downloadBundle(workshop: Workshop, work: Work): Promise<CommandEnd> {
  const { inside } = workshop
  const { machineId, at } = work
  if (await reuseArchive(workshop, work)) return succeeded
  const place = { ...work, directory: workshop.directory }
  const preparing = runInside<PrepareAnswer>(inside, machineId, { verb: 'prepare', ...at })
  const [bundle, prepared] = await both(
    fetchRevision(workshop, place, work.specification.Revision),
    preparing,
  )
  try {
    const { appspec, entries, bytes } = bundle.contents
    if (!appspec) return failure(`the bundle has no ${work.appspecFileName} at its top`)
    const parsed = parseAppspec(appspec.text, appspec.name)
    workshop.known.delete(knownKey(work))
    await unpack(inside, machineId, { folder: prepared.folder, tar: bundle.tar() })
    const adopted = await runInside<AdoptAnswer>(inside, machineId, { verb: 'adopt', ...at })
    remember(workshop, knownKey(work), { folder: adopted.folder, appspec: parsed })
    work.tell(`Unpacked ${entries} entries, ${bytes} bytes\n`)
    return succeeded
  } finally {
    await bundle.remove()
  }
}

async function fetchRevision(
  workshop: Workshop,
  place: Parameters<typeof fetchBundle>[1],
  { RevisionType, S3Revision, GitHubRevision }: Specification['Revision'],
): Promise<FetchedBundle> {
  if (GitHubRevision) return fetchCommit(workshop.gitHubUrl, place.directory, GitHubRevision)
  if (S3Revision) return fetchBundle(workshop.endpoint, place, S3Revision)
  throw new InsideFailure(`a revision of the type ${RevisionType} cannot be fetched here`)
}

/** A restart needs no download where the machine still has the revision. */
async function reuseArchive(workshop: Workshop, work: Work): Promise<boolean> {
  const of = work.specification.ReuseArchiveFromDeploymentId
  if (of === undefined) return false
  const { appspecFileName } = work
  const request = { verb: 'reuse', ...work.at, of, appspecFileName } as const
  const { revision } = await runInside<ReuseAnswer>(workshop.inside, work.machineId, request)
  if (!revision) {
    work.tell(`The archive of ${of} is not on this machine any more: it is downloaded\n`)
    return false
  }
  const appspec = parseAppspec(revision.appspec, appspecFileName)
  remember(workshop, knownKey(work), { folder: revision.folder, appspec })
  work.tell(`Taken from the archive of ${of}\n`)
  return true
}

/** The bundle travels while the machine makes room; a bundle that came in vain is removed. */
async function both(
  fetching: Promise<FetchedBundle>,
  preparing: Promise<PrepareAnswer>,
): Promise<readonly [FetchedBundle, PrepareAnswer]> {
  const [bundle, prepared] = await Promise.allSettled([fetching, preparing])
  if (bundle.status === 'rejected') throw bundle.reason
  if (prepared.status === 'fulfilled') return [bundle.value, prepared.value]
  await bundle.value.remove()
  throw prepared.reason
}

async function unpack(
  inside: Inside,
  machineId: string,
  bundle: { readonly folder: string; readonly tar: AsyncIterable<Buffer> },
): Promise<void> {
  let complaint = ''
  const command = ['tar', '-x', '-p', '--no-same-owner', '-f', '-', '-C', bundle.folder]
  const result = await inside.compute.exec(
    { machineId, command },
    {
      input: bundle.tar,
      output: (_stream, chunk) => void (complaint = (complaint + chunk.toString()).slice(-1000)),
    },
  )
  if (result.exitCode === 0) return
  const how = result.signal ?? `exit code ${result.exitCode}`
  throw new InsideFailure(`unpacking the bundle failed with ${how}: ${complaint.trim()}`)
}

async function install(workshop: Workshop, work: Work): Promise<CommandEnd> {
  const found = await revisionOf(workshop, work)
  if (!found) return failure('the bundle has no appspec.yml')
  const { appspec } = found
  await runInside(workshop.inside, work.machineId, {
    verb: 'install',
    ...work.at,
    files: appspec.files,
    permissions: appspec.permissions,
    fileExistsBehavior:
      appspec.fileExistsBehavior ??
      work.specification.AgentActionOverrides?.AgentOverrides?.FileExistsBehavior ??
      'DISALLOW',
  })
  return succeeded
}

async function runHook(workshop: Workshop, work: Work): Promise<CommandEnd> {
  const found = await revisionOf(workshop, work)
  const scripts = found?.appspec.hooks[work.event] ?? []
  if (!found || scripts.length === 0) return succeeded
  const request = {
    verb: 'hook',
    ...work.at,
    event: work.event,
    folder: found.folder,
    scripts,
    environment: hookEnvironment(work.specification, work.event),
  } as const
  return runInside<CommandEnd>(workshop.inside, work.machineId, request, work.tell)
}

async function revisionOf(workshop: Workshop, work: Work): Promise<KnownRevision | undefined> {
  const key = isOfEarlierInstall(work) ? `${knownKey(work)}/before` : knownKey(work)
  if (workshop.known.has(key)) return workshop.known.get(key)
  const { revision } = await runInside<LookAnswer>(workshop.inside, work.machineId, {
    verb: 'look',
    ...work.at,
    event: work.event,
    appspecFileName: work.appspecFileName,
    isReturn: isReturn(work),
  })
  const found = revision && {
    folder: revision.folder,
    appspec: parseAppspec(revision.appspec, work.appspecFileName),
  }
  // On the way back each event has a place of its own to look; it is short.
  if (!isReturn(work)) remember(workshop, key, found)
  return found
}

/** The way back of a blue/green deployment: nothing is installed, the scripts are those that machines have. */
function isReturn({ specification }: Work): boolean {
  return (
    specification.DeploymentCreator === 'codeDeployRollback' &&
    specification.DeploymentType === 'BLUE_GREEN'
  )
}

function isOfEarlierInstall({ event }: Work): boolean {
  return ['BeforeBlockTraffic', 'AfterBlockTraffic', 'ApplicationStop'].includes(event)
}

function knownKey(work: Work): string {
  return `${work.machineId}/${work.at.deploymentId}`
}

function remember(workshop: Workshop, key: string, revision: KnownRevision | undefined): void {
  const { known } = workshop
  const [oldest] = known.keys()
  if (known.size >= knownMax && oldest !== undefined) known.delete(oldest)
  known.set(key, revision)
}

const succeeded: CommandEnd = { errorCode: 0, scriptName: '', message: 'Succeeded', log: '' }

/** `UnknownError`: no script is to blame. */
export function failure(message: string): CommandEnd {
  return { errorCode: 5, scriptName: '', message, log: '' }
}

/** Whether trying again may help: the world was away, not the command wrong. */
export function isPassing(thrown: unknown): boolean {
  return thrown instanceof DriverError && thrown.retryable
}

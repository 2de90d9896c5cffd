import type { Appspec, AppspecScript } from '../../protocol/appspec.ts'

/** What the agent asks of `inside/main.ts`. */
export type InsideRequest =
  | LookRequest
  | PrepareRequest
  | AdoptRequest
  | ReuseRequest
  | InstallRequest
  | HookRequest

interface At {
  readonly groupId: string
  readonly deploymentId: string
}

/** Which revision's scripts an event runs. */
export interface LookRequest extends At {
  readonly verb: 'look'
  readonly event: string
  readonly appspecFileName: string
  /** Of the rollback of a blue/green deployment. */
  readonly isReturn: boolean
}

export interface LookAnswer {
  /** Absent: there is no such revision here, the event has nothing to do. */
  readonly revision?: { readonly folder: string; readonly appspec: string }
}

/** An empty folder to unpack into; older revisions go. */
export interface PrepareRequest extends At {
  readonly verb: 'prepare'
}

export interface PrepareAnswer {
  readonly folder: string
}

/** The unpacked folder becomes the deployment's archive. */
export interface AdoptRequest extends At {
  readonly verb: 'adopt'
}

export interface AdoptAnswer {
  readonly folder: string
}

/** The archive of an earlier deployment of the group becomes this one's. */
export interface ReuseRequest extends At {
  readonly verb: 'reuse'
  readonly of: string
  readonly appspecFileName: string
}

/** Absent: the machine does not have it whole. */
export type ReuseAnswer = LookAnswer

export interface InstallRequest extends At {
  readonly verb: 'install'
  readonly files: Appspec['files']
  readonly permissions: Appspec['permissions']
  readonly fileExistsBehavior: 'DISALLOW' | 'OVERWRITE' | 'RETAIN'
}

/** Runs an event's scripts once, whoever asks how often; its output comes as it is written. */
export interface HookRequest extends At {
  readonly verb: 'hook'
  readonly event: string
  readonly folder: string
  readonly scripts: readonly AppspecScript[]
  readonly environment: Readonly<Record<string, string>>
}

/** AWS's numbers: 0 fine, 1 missing, 2 not executable, 3 timed out, 4 failed, 5 other, 7 interrupted. */
export interface CommandEnd {
  readonly errorCode: number
  readonly scriptName: string
  readonly message: string
  readonly log: string
}

/** A line on standard input. Several may be under way at once. */
export interface InsideQuestion {
  readonly id: number
  readonly request: InsideRequest
}

/** Lines on standard output, one JSON value each. The last of a question is `answer` or `failure`. */
export type InsideLine = { readonly id: number } & (
  | { readonly log: string }
  | { readonly answer: object }
  | { readonly failure: string }
)

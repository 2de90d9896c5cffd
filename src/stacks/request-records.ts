import type { Scope } from '../kernel/scope.ts'
import { kindOf } from '../store/records.ts'
import type { HandlerCode } from './handler-failure.ts'
import type { Properties, ResourceType } from './resource-type.ts'

/** A type whose resources can be told one by one. */
export type ControlledType = ResourceType & Required<Pick<ResourceType, 'inventory'>>

export type RequestOperation = 'CREATE' | 'UPDATE' | 'DELETE'

export type RequestStatus =
  | 'IN_PROGRESS'
  | 'SUCCESS'
  | 'FAILED'
  | 'CANCEL_IN_PROGRESS'
  | 'CANCEL_COMPLETE'

/** One piece of work on one resource. id: its token. */
export interface ResourceRequest {
  readonly token: string
  readonly operation: RequestOperation
  readonly typeName: string
  readonly status: RequestStatus
  readonly beganAt: number
  /** Of the last change. */
  readonly at: number
  /** What it is to be; gone when the request is over. */
  readonly desired?: Properties
  /** What it was when an update was asked for. */
  readonly before?: Properties
  readonly physicalId?: string
  /** A server has called the type: what it did may have had its effect. */
  readonly isBegun?: boolean
  readonly message?: string
  readonly errorCode?: HandlerCode
  /** What it is, as JSON text. */
  readonly model?: string
}

export const resourceRequests = kindOf<ResourceRequest>('cloudcontrol/request')

/** The request that a client token stands for. id: the client token. */
export const clientTokens = kindOf<{
  readonly requestToken: string
  /** Of all that was asked. */
  readonly digest: string
  readonly at: number
}>('cloudcontrol/client-token')

/** Who works on a resource. id: `holdId`. */
export const resourceHolds = kindOf<{ readonly requestToken: string }>('cloudcontrol/hold')

export function holdId(typeName: string, physicalId: string): string {
  return `${typeName}|${physicalId}`
}

export function isOver({ status }: ResourceRequest): boolean {
  return status === 'SUCCESS' || status === 'FAILED' || status === 'CANCEL_COMPLETE'
}

/** `request/<token>`: stands where a stack's id does, so that nothing of a stack is taken for the request's. */
export function requestArn({ account, region }: Scope, token: string): string {
  return `arn:aws:cloudcontrol:${region}:${account}:request/${token}`
}

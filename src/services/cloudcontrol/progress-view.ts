import type { ProgressEvent } from '@aws-sdk/client-cloudcontrol'
import type { ResourceRequest } from '../../stacks/request-records.ts'

/** Where a request stands. A resource that is gone has no model. */
export function progressView(request: ResourceRequest): ProgressEvent {
  const { physicalId, model, message, errorCode } = request
  return {
    TypeName: request.typeName,
    ...(physicalId === undefined ? {} : { Identifier: physicalId }),
    RequestToken: request.token,
    Operation: request.operation,
    OperationStatus: request.status,
    EventTime: new Date(request.at),
    ...(model === undefined ? {} : { ResourceModel: model }),
    ...(message === undefined ? {} : { StatusMessage: message }),
    ...(errorCode === undefined ? {} : { ErrorCode: errorCode }),
  }
}

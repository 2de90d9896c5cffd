import type { Objects } from '../../objects/create-objects.ts'
import type { OperationsOf } from '../../wire/service.ts'

export type S3Operations = OperationsOf<typeof import('@aws-sdk/client-s3')>

export interface S3Deps {
  readonly objects: Objects
}

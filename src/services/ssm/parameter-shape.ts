import type { Parameter as ParameterShape } from '@aws-sdk/client-ssm'
import { arnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { shownValue, type Parameter } from './parameters.ts'
import type { SsmDeps } from './service-deps.ts'

export function parameterArn(scope: Scope, name: string): string {
  return arnOf('ssm', scope, `parameter${name.startsWith('/') ? '' : '/'}${name}`)
}

/** `isDecrypted`: a secure string's value is shown in the clear. */
export function parameterShape(
  deps: SsmDeps,
  scope: Scope,
  parameter: Parameter,
  isDecrypted: boolean | undefined,
): ParameterShape {
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: shownValue(deps, parameter, parameter, isDecrypted),
    Version: parameter.version,
    LastModifiedDate: new Date(parameter.modifiedAt),
    ARN: parameterArn(scope, parameter.name),
    DataType: 'text',
  }
}

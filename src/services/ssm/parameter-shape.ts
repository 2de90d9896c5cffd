import type { Parameter as ParameterShape } from '@aws-sdk/client-ssm'
import { arnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Parameter } from './parameters.ts'

export function parameterArn(scope: Scope, name: string): string {
  return arnOf('ssm', scope, `parameter${name.startsWith('/') ? '' : '/'}${name}`)
}

export function parameterShape(scope: Scope, parameter: Parameter): ParameterShape {
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: parameter.value,
    Version: parameter.version,
    LastModifiedDate: new Date(parameter.modifiedAt),
    ARN: parameterArn(scope, parameter.name),
    DataType: 'text',
  }
}

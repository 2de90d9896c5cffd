import { parseArn } from '../../kernel/arn.ts'

/** The deprecated form names an instance by its id or by its ARN, `arn:aws:ec2:…:instance/i-…`. */
export function openInstanceId(text: string): string {
  return parseArn(text)?.resource.replace(/^instance\//, '') ?? text
}

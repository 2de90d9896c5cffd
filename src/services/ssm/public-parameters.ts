import { defaultImage } from '../../compute/domain/images.ts'
import type { Parameter } from './parameters.ts'

const amazonLinux = '/aws/service/ami-amazon-linux-latest/'

/** AWS publishes image ids under names of their systems; here each of them is the default image. */
const imageNames = /^\/aws\/service\/(ami-amazon-linux-latest|canonical\/ubuntu|debian)\/[\w./-]+$/

/** Those that a listing shows. */
const listed = [
  'al2023-ami-kernel-default-x86_64',
  'al2023-ami-kernel-6.1-x86_64',
  'al2023-ami-minimal-kernel-default-x86_64',
  'amzn2-ami-hvm-x86_64-gp2',
  'amzn2-ami-kernel-5.10-hvm-x86_64-gp2',
  'amzn-ami-hvm-x86_64-gp2',
].map((name) => amazonLinux + name)

/** A parameter that everybody has; undefined for any other name. */
export function publicParameter(name: string): Parameter | undefined {
  if (!imageNames.test(name)) return undefined
  return {
    name,
    type: 'String',
    value: defaultImage.imageId,
    version: 1,
    modifiedAt: 0,
    modifiedBy: 'arn:aws:iam::000000000000:root',
    earlier: [],
  }
}

export function publicParameters(): readonly Parameter[] {
  return listed.flatMap((name) => publicParameter(name) ?? [])
}

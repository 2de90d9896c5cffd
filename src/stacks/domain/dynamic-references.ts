import { problem } from './template-problem.ts'

/** What `{{resolve:…}}` in a property's text asks for. */
export type DynamicReference =
  | { readonly service: 'ssm' | 'ssm-secure'; readonly selector: string }
  | {
      readonly service: 'secretsmanager'
      readonly secretId: string
      readonly jsonKey?: string
      readonly stage?: string
      readonly versionId?: string
    }

const pattern = /\{\{resolve:([^{}]*)\}\}/g
const arnParts = 7

export function isReference(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{resolve:')
}

/** The references in a value's texts, by how they are written. Throws a `TemplateProblem` for one that cannot be read. */
export function referencesIn(value: unknown): ReadonlyMap<string, DynamicReference> {
  const found = new Map<string, DynamicReference>()
  for (const text of textsIn(value)) {
    for (const [whole, inner = ''] of text.matchAll(pattern)) found.set(whole, readReference(inner))
  }
  return found
}

/** The value with each reference replaced by what it stands for. */
export function withReferences(value: unknown, known: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string')
    return value.replaceAll(pattern, (whole) => known.get(whole) ?? whole)
  if (Array.isArray(value)) return value.map((item) => withReferences(item, known))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, withReferences(inner, known)])
  return Object.fromEntries(entries)
}

/** Where AWS lets secure parameters of SSM stand. */
const secureProperties: ReadonlySet<string> = new Set([
  'AWS::ElastiCache::ReplicationGroup/AuthToken',
  'AWS::IAM::User/LoginProfile',
  'AWS::RDS::DBCluster/MasterUserPassword',
  'AWS::RDS::DBInstance/MasterUserPassword',
  'AWS::Redshift::Cluster/MasterUserPassword',
])

/** The first property that has a secure reference and may not, `AWS::X::Y/Properties/Name`. */
export function misplacedSecure(
  type: string,
  properties: Readonly<Record<string, unknown>>,
): string | undefined {
  const name = Object.keys(properties).find(
    (each) =>
      !secureProperties.has(`${type}/${each}`) &&
      textsIn(properties[each]).some((text) => text.includes('{{resolve:ssm-secure:')),
  )
  return name === undefined ? undefined : `${type}/Properties/${name}`
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return isReference(value) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}

/** `ssm:name:3`, `secretsmanager:id:SecretString:key:stage:version`, where the id may be an ARN. */
function readReference(inner: string): DynamicReference {
  const [service, ...rest] = inner.split(':')
  if (service === 'ssm' || service === 'ssm-secure') {
    const isVersioned = rest.length === 2 && /^[1-9]\d*$/.test(rest[1] ?? '')
    if ((rest.length === 1 || isVersioned) && /^[a-zA-Z0-9_.\-/]+$/.test(rest[0] ?? '')) {
      return { service, selector: rest.join(':') }
    }
  }
  const secretId = rest.slice(0, rest[0] === 'arn' ? arnParts : 1).join(':')
  const [kind = '', jsonKey = '', stage = '', versionId = '', ...more] = rest.slice(
    rest[0] === 'arn' ? arnParts : 1,
  )
  const isSecret = service === 'secretsmanager' && secretId !== '' && more.length === 0
  const isOfText = kind === '' || kind === 'SecretString'
  if (!isSecret || !isOfText || (stage !== '' && versionId !== '')) {
    throw problem(
      `Incorrect format is used in the following dynamic reference: {{resolve:${inner}}}`,
    )
  }
  return {
    service,
    secretId,
    ...(jsonKey === '' ? {} : { jsonKey }),
    ...(stage === '' ? {} : { stage }),
    ...(versionId === '' ? {} : { versionId }),
  }
}

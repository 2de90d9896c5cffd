import type { TlsSpec, TlsVersion } from '../protocol/gateway.ts'

/** What listeners of one security policy negotiate. */
export interface SslPolicy {
  readonly minVersion: TlsVersion
  readonly maxVersion: TlsVersion
  /** OpenSSL's names, the one that is preferred first; of TLS 1.3 too. */
  readonly ciphers: readonly string[]
}

const ofTls13 = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
] as const

/** Those that keep what was said secret also from who has the key later, from the narrowest set to the widest. */
const forwardAuthenticated = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
]
const forward = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
]
const forwardOld = [
  ...forward.slice(0, 4),
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  ...forward.slice(4),
  'ECDHE-RSA-AES256-SHA',
  'ECDHE-ECDSA-AES256-SHA',
]
const plain = ['AES128-GCM-SHA256', 'AES128-SHA256', 'AES256-GCM-SHA384', 'AES256-SHA256']
const plainOld = [
  ...['AES128-GCM-SHA256', 'AES128-SHA256', 'AES128-SHA'],
  ...['AES256-GCM-SHA384', 'AES256-SHA256', 'AES256-SHA'],
]
const all = [...forwardOld, ...plainOld]

function upTo12(minVersion: TlsVersion, ciphers: readonly string[]): SslPolicy {
  return { minVersion, maxVersion: 'TLSv1.2', ciphers }
}

function upTo13(minVersion: TlsVersion, ciphers: readonly string[]): SslPolicy {
  return { minVersion, maxVersion: 'TLSv1.3', ciphers: [...ofTls13, ...ciphers] }
}

/**
 * The predefined security policies, by the tables of
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html, in AWS's order. Those with 3DES, for
 * FIPS and for post-quantum keys are not here: what OpenSSL is built without is not promised.
 */
export const sslPolicies: Readonly<Record<string, SslPolicy>> = {
  'ELBSecurityPolicy-2016-08': upTo12('TLSv1', all),
  'ELBSecurityPolicy-TLS13-1-2-2021-06': upTo13('TLSv1.2', forward),
  'ELBSecurityPolicy-TLS13-1-2-Res-2021-06': upTo13('TLSv1.2', forwardAuthenticated),
  'ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06': upTo13('TLSv1.2', [...forward, ...plain]),
  'ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06': upTo13('TLSv1.2', all),
  'ELBSecurityPolicy-TLS13-1-1-2021-06': upTo13('TLSv1.1', all),
  'ELBSecurityPolicy-TLS13-1-0-2021-06': upTo13('TLSv1', all),
  'ELBSecurityPolicy-TLS13-1-3-2021-06': upTo13('TLSv1.3', []),
  'ELBSecurityPolicy-TLS-1-2-2017-01': upTo12('TLSv1.2', [...forward, ...plain]),
  'ELBSecurityPolicy-TLS-1-1-2017-01': upTo12('TLSv1.1', all),
  'ELBSecurityPolicy-TLS-1-2-Ext-2018-06': upTo12('TLSv1.2', all),
  'ELBSecurityPolicy-FS-2018-06': upTo12('TLSv1', forwardOld),
  'ELBSecurityPolicy-2015-05': upTo12('TLSv1', all),
  'ELBSecurityPolicy-FS-1-2-Res-2019-08': upTo12('TLSv1.2', forward),
  'ELBSecurityPolicy-FS-1-1-2019-08': upTo12('TLSv1.1', forwardOld),
  'ELBSecurityPolicy-FS-1-2-2019-08': upTo12('TLSv1.2', forwardOld),
  'ELBSecurityPolicy-FS-1-2-Res-2020-10': upTo12('TLSv1.2', forwardAuthenticated),
}

/** AWS's own, of both kinds of balancers. */
export const sslPolicyDefault = 'ELBSecurityPolicy-2016-08'

export function sslPolicyNamed(name: string): SslPolicy | undefined {
  return Object.hasOwn(sslPolicies, name) ? sslPolicies[name] : undefined
}

const versions: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

/** The versions from the least to the greatest. */
export function versionsOf({
  minVersion,
  maxVersion,
}: Pick<TlsSpec, 'minVersion' | 'maxVersion'>): readonly TlsVersion[] {
  return versions.slice(versions.indexOf(minVersion), versions.indexOf(maxVersion) + 1)
}

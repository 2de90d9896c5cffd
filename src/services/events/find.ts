import { parseArn } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { busArn, type Rule } from '../../rules/rule.ts'
import { busNotFound, resourceNotFound } from './errors.ts'
import type { EventsDeps } from './service-deps.ts'

/** Refuses every bus but `default`, which may be named by its ARN too. */
export function checkBus(scope: Scope, name: string | undefined): void {
  if (name === undefined || name === 'default' || name === busArn(scope)) return
  throw busNotFound(name)
}

/** The rule of an ARN, for its tags. */
export async function ruleOfArn(
  { rules }: EventsDeps,
  scope: Scope,
  arn: string | undefined,
): Promise<Rule> {
  const parts = parseArn(arn ?? '')
  const name = parts?.resource.replace(/^rule\/(default\/)?/, '') ?? ''
  const isOurs = parts?.service === 'events' && parts.account === scope.account
  const rule = isOurs ? await rules.catalogue.find(scope, name) : undefined
  if (!rule) throw resourceNotFound(arn ?? '')
  return rule
}

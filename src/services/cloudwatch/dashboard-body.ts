import type { DashboardValidationMessage } from '@aws-sdk/client-cloudwatch'
import { dashboardInvalid, invalidParameterInput } from './errors.ts'

/** AWS's limits. */
const widgetsMax = 500
const columns = 24
const rowsMax = 1000

type Structure = Readonly<Record<string, unknown>>

/** Whether something is wrong, or only of no effect. */
interface Finding extends DashboardValidationMessage {
  readonly isError: boolean
}

/**
 * Looks at a dashboard's body as AWS does. Throws for what makes it no dashboard; answers what is of no effect.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function checkDashboardBody(text: string | undefined): DashboardValidationMessage[] {
  const body = readObject(text)
  const findings = [...unknownMembers('', body, bodyMembers), ...widgetsOf(body)]
  const errors = findings.filter(({ isError }) => isError).map(messageOf)
  if (errors.length > 0) throw dashboardInvalid(errors)
  return findings.map(messageOf)
}

function messageOf({ DataPath, Message }: Finding): DashboardValidationMessage {
  return { DataPath, Message }
}

function readObject(text: string | undefined): Structure {
  let body: unknown
  try {
    body = JSON.parse(text ?? '')
  } catch {
    body = undefined
  }
  if (isStructure(body)) return body
  throw invalidParameterInput('The field DashboardBody must be a valid JSON object')
}

const bodyMembers = ['start', 'end', 'periodOverride', 'widgets', 'variables']

function widgetsOf({ widgets }: Structure): readonly Finding[] {
  if (widgets === undefined) return [wrong('', "Should have required property 'widgets'")]
  if (!Array.isArray(widgets)) return [wrong('/widgets', 'Should be array')]
  if (widgets.length > widgetsMax) {
    return [wrong('/widgets', `Should NOT have more than ${widgetsMax} items`)]
  }
  return widgets.flatMap((widget, index) => widgetFindings(`/widgets/${index}`, widget))
}

/** Properties that a widget of each type needs, and whether something else may stand for them. */
const needed: Readonly<Record<string, readonly string[]>> = {
  text: ['markdown'],
  metric: ['region'],
  log: ['region', 'query'],
  alarm: ['alarms'],
  explorer: ['metrics'],
  custom: ['endpoint'],
}

const widgetMembers = ['type', 'x', 'y', 'width', 'height', 'properties']

function widgetFindings(path: string, widget: unknown): readonly Finding[] {
  if (!isStructure(widget)) return [wrong(path, 'Should be object')]
  const { type, properties } = widget
  const findings = [...unknownMembers(path, widget, widgetMembers), ...placeFindings(path, widget)]
  if (type === undefined) return [...findings, wrong(path, "Should have required property 'type'")]
  const required =
    typeof type === 'string' && Object.hasOwn(needed, type) ? needed[type] : undefined
  if (!required) {
    const allowed = Object.keys(needed).join(', ')
    return [...findings, wrong(`${path}/type`, `Should be one of: ${allowed}`)]
  }
  if (properties === undefined) {
    return [...findings, wrong(path, "Should have required property 'properties'")]
  }
  const at = `${path}/properties`
  if (!isStructure(properties)) return [...findings, wrong(at, 'Should be object')]
  const missing = required.filter((name) => properties[name] === undefined)
  return [
    ...findings,
    ...missing.map((name) => wrong(at, `Should have required property '${name}'`)),
    ...(type === 'metric' ? metricFindings(at, properties) : []),
  ]
}

function placeFindings(path: string, widget: Structure): readonly Finding[] {
  const most = { x: columns - 1, y: Infinity, width: columns, height: rowsMax }
  const findings = Object.entries(most).flatMap(([name, max]): readonly Finding[] => {
    const value = widget[name]
    if (value === undefined) return []
    const at = `${path}/${name}`
    if (typeof value !== 'number' || !Number.isInteger(value))
      return [wrong(at, 'Should be integer')]
    const least = name === 'x' || name === 'y' ? 0 : 1
    if (value < least) return [wrong(at, `Should be >= ${least}`)]
    return value > max ? [wrong(at, `Should be <= ${max}`)] : []
  })
  const isHalf = (widget['x'] === undefined) !== (widget['y'] === undefined)
  if (!isHalf) return findings
  const absent = widget['x'] === undefined ? 'x' : 'y'
  return [...findings, wrong(path, `Should have required property '${absent}'`)]
}

function metricFindings(path: string, { metrics, annotations }: Structure): readonly Finding[] {
  if (metrics === undefined) {
    const hasAlarms = isStructure(annotations) && annotations['alarms'] !== undefined
    return hasAlarms ? [] : [wrong(path, "Should have required property 'metrics'")]
  }
  if (!Array.isArray(metrics)) return [wrong(`${path}/metrics`, 'Should be array')]
  if (metrics.length === 0) return [wrong(`${path}/metrics`, 'Should NOT have less than 1 items')]
  return metrics.flatMap((row, index) =>
    Array.isArray(row) && row.length > 0
      ? []
      : [wrong(`${path}/metrics/${index}`, 'Should be array with at least 1 item')],
  )
}

function unknownMembers(path: string, value: Structure, known: readonly string[]): Finding[] {
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      ...{ DataPath: path, Message: `Should NOT have additional property '${name}'` },
      isError: false,
    }))
}

function wrong(DataPath: string, Message: string): Finding {
  return { DataPath, Message, isError: true }
}

function isStructure(value: unknown): value is Structure {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { camelOf, kebabOf, pascalOf } from './names.ts'
import { ScaffoldError, type ReadTree, type ScaffoldPlan } from './plan.ts'

/** A driver's folder for a contract: `driver compute/driver.ts lxc`. It fails in words until it is written. */
export function planDriver(
  read: ReadTree,
  { contract, technology }: { contract: string; technology: string },
): ScaffoldPlan {
  const source = read(`src/${contract}`)
  if (source === undefined) throw new ScaffoldError(`there is no contract src/${contract}`)
  const [, type] = /export interface (\w+)/.exec(source) ?? []
  if (type === undefined) throw new ScaffoldError(`src/${contract} declares no interface`)
  const name = kebabOf(technology)
  const folder = `src/drivers/${name}`
  if (read(`${folder}/index.ts`) !== undefined)
    throw new ScaffoldError(`${folder} is there already`)
  const file = `${name}-${kebabOf(type)}`
  const maker = camelOf(`${name}-${kebabOf(type)}`)
  return {
    files: new Map([
      [`${folder}/README.md`, readmeText({ technology, contract, type })],
      [`${folder}/index.ts`, `export { ${maker} } from './${file}.ts'\n`],
      [`${folder}/${file}.ts`, driverText({ maker, contract, type, technology: pascalOf(name) })],
    ]),
    next: [
      `fulfil ${type} in ${folder}/${file}.ts; every failure leaves as a DriverError`,
      `hold it to the contract's suite in src/testing/conformance, from test/conformance`,
      `choose it in src/server or src/host, and let evenkeel doctor say what it needs`,
    ],
  }
}

function readmeText(at: { technology: string; contract: string; type: string }): string {
  return `# ${at.technology}

Fulfils \`${at.contract}\` (\`${at.type}\`) through ${at.technology}.

Law: names of outside things follow from our ids, so that doing it twice collides instead of doubling.
`
}

function driverText(at: {
  maker: string
  contract: string
  type: string
  technology: string
}): string {
  const { maker, contract, type, technology } = at
  return `import { DriverError } from '../../kernel/errors.ts'
import type { ${type} } from '../../${contract}'

/** ${type} through ${technology}. */
export function ${maker}(): ${type} {
  throw new DriverError('${technology} is not written yet', { retryable: false })
}
`
}

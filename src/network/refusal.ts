import { EngineRefusal } from '../kernel/errors.ts'

/**
 * A request that the network or compute engine turns down, in EC2's own code and words: the faces of EC2, Auto Scaling and Elastic
 * Load Balancing all report these same codes, so the engines keep them. Each service turns it into its AwsError at its door.
 */
export class Refusal extends EngineRefusal {}

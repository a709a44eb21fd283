/** FUSE over io_uring: the rules of its commands. */
export { newRing, type Ring, type RingCommand, type RingEntry, type RingQueue, ringCommand, ringPayload } from './ring.ts'
export { type RingRule, ringRefusal, ringRules } from './rules.ts'
export { ringDelivers, type Submitted, submitToRing } from './submit.ts'

/** Conversations with a famfs kernel: a pure machine of events and effects. */
export { emptyTable, get, type Table } from './files.ts'
export type { KnownHabits } from './habits.ts'
export { conversation, step } from './machine.ts'
export { dependsOnMinor } from './rooms.ts'
export type {
  Access,
  After,
  Caller,
  Conversation,
  ConversationOptions,
  Effect,
  Event,
  KnownFile,
  LogClass,
  Named,
  Opening,
  Piece,
  Purpose,
  RequestHead,
  Settled,
  Slot,
  Stepped,
  Waiting,
} from './types.ts'

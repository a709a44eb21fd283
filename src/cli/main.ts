#!/usr/bin/env node
/** The command `famfs-wire`. */
import { processIo } from './io.ts'
import { main } from './run.ts'

process.exitCode = await main(process.argv.slice(2), processIo())

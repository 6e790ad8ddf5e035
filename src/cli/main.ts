#!/usr/bin/env node
// The binary `lightning`: the process's own streams, and its exit code.

import { run } from './run.js';

// The reader of our output went away (`| head`): there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), process);

// Tests run much code a few times with ever other shapes of data. V8 optimizes it early, finds its guesses wrong and begins again; told
// to wait longer, random cases take a third less processor time. Where V8 does not know the flag, nothing changes.

import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--interrupt-budget=1000000');

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Collects garbage now, so that a reading of memory holds what is in use. */
export const gc = runInNewContext('gc') as () => void;

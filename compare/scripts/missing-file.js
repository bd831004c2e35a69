// A file that does not exist ends the run with 107.
// compare: exit, console
import nothing from './lib/no-such-file.js';

export default function () {
  nothing();
}

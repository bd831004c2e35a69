// A module that does not exist ends the run with 107.
// compare: exit, console
import nothing from 'k6/no-such-module';

export default function () {
  nothing();
}

// Flags with an empty value, as a shell's unset variable makes them, say nothing.
// args: --out= --tag= --console-output= --summary-mode= --compatibility-mode= --log-output= --user-agent= --dns= --system-tags=
// compare: exit, console, errors
import exec from 'k6/execution';

export default function () {
  console.log(exec.vu.iterationInScenario, JSON.stringify(exec.test.options.tags));
}

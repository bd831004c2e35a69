// No log at all.
// args: --log-output none
// compare: exit, console, errors
export default function () {
  console.log('nowhere');
}

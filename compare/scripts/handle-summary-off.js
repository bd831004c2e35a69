// Without a summary there is no handleSummary.
// args: --no-summary
// compare: exit, console
export default function () {
  console.log('ran');
}

export function handleSummary() {
  console.log('never called');
}

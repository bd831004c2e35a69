// handleSummary is called when setup failed too.
// compare: exit, console
export function setup() {
  throw new Error('no');
}

export default function () {}

export function handleSummary(data) {
  console.log(JSON.stringify(data.setup_data), Object.keys(data.metrics).includes('iterations'));
  return {};
}

// handleSummary sees which thresholds hold; what it returns does not change the exit code.
// args: --iterations 2
// compare: exit, console, errors, thresholds
export const options = { thresholds: { iterations: ['count<2', 'count==2'], 'iterations{scenario:none}': ['count==0'] } };

export default function () {}

export function handleSummary(data) {
  for (const name of Object.keys(data.metrics).sort()) {
    const { thresholds } = data.metrics[name];
    if (thresholds === undefined) continue;
    const sources = Object.keys(thresholds).sort();
    console.log(name, sources.map((source) => `${source} ${thresholds[source].ok}`).join());
  }
  return { stderr: '' };
}

// shape: samples of a Trend of 1,000 series, a thousand an iteration, N iterations by 20 VUs; k6, which keeps each sample, makes a tenth of the 100 million
// per: iterations
// sizes: 2000 100000
// sizes of k6: 2000 10000
// one: thousand samples
import { Trend } from 'k6/metrics';

export const options = { scenarios: { all: { executor: 'shared-iterations', vus: 20, iterations: Number(__ENV.N), maxDuration: '1h' } } };

const volume = new Trend('volume');
const series = Array.from({ length: 1000 }, (_, i) => ({ series: String(i) }));

export default function () {
  for (let i = 0; i < 1000; i++) volume.add(Math.random() * 1000, series[i]);
}

// Spaces, signs and forms of thresholds that are taken; which hold.
// compare: exit, thresholds
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const counter = new Counter('counter');
const gauge = new Gauge('gauge');
const rate = new Rate('rate');
const trend = new Trend('trend');

export const options = {
  thresholds: {
    counter: ['count>=3', 'count<=3.0', 'count === 3', 'count==3', 'count!=3', '  count  >  2  ', 'rate>0', 'count>1e0', 'count<+4', 'count>-1'],
    gauge: ['value==2', 'value<0', 'value>=2.0000'],
    rate: ['rate==0.5', 'rate<.6', 'rate>0.5'],
    trend: ['avg==2', 'min==1', 'max==3', 'med==2', 'p(50)==2', 'p(99.9)<=3', 'p(0)==1', 'p(100)==3', 'p( 90 )<3', 'p(95)<3', { threshold: 'max<3', abortOnFail: false, delayAbortEval: '1s' }],
    'trend{a:1}': ['max==1'],
    'trend{ a:2 }': ['max==2'],
    'trend{a:1,b:2}': ['avg>0'],
    'trend{a:"1"}': ['max==1'],
    'counter{}': ['count>0'],
    'trend{a:*}': ['max>0'],
  },
};

export default function () {
  counter.add(3);
  gauge.add(2);
  rate.add(true);
  rate.add(false);
  trend.add(1, { a: '1' });
  trend.add(2, { a: '2' });
  trend.add(3);
}

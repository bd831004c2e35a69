// iterations: 2
import exec, { vu } from 'k6/execution';
import { check } from 'k6';

const attempt = (name, run) => {
  try {
    console.log(name, JSON.stringify(run()));
  } catch (error) {
    console.log(name, 'threw', String(error));
  }
};

attempt('scenario in init', () => exec.scenario.name);
attempt('vu in init', () => exec.vu);
attempt('named vu in init', () => vu.idInTest);
attempt('metadata in init', () => vu.metrics.metadata.a);
attempt('instance in init', () => exec.instance);
attempt('options in init', () => exec.test.options);
attempt('fail in init', () => exec.test.fail('x'));

export function setup() {
  attempt('vu in setup', () => exec.vu);
  attempt('scenario in setup', () => Object.keys(exec.scenario));
  attempt('scenario of setup', () => exec.scenario.name);
}

export default function () {
  attempt('vu', () => [vu.idInInstance, vu.idInTest, vu.iterationInInstance, vu.iterationInScenario]);
  attempt('scenario', () => [exec.scenario.name, exec.scenario.executor, exec.scenario.progress,
    exec.scenario.iterationInInstance, exec.scenario.iterationInTest]);
  attempt('start', () => Math.abs(Date.now() - exec.scenario.startTime) < 60000);
  attempt('instance', () => Object.keys(exec.instance));
  attempt('tags', () => vu.metrics.tags);
  vu.metrics.tags.mine = 'yes';
  vu.metrics.tags.n = 5;
  attempt('set', () => vu.metrics.tags);
  check(1, { tagged: true });
  delete vu.metrics.tags.mine;
  attempt('deleted', () => ['mine' in vu.metrics.tags, vu.metrics.tags.n]);
  attempt('bad value', () => { vu.metrics.tags.bad = {}; });
  attempt('assign', () => { vu.metrics.tags = {}; });
  attempt('metadata', () => vu.metrics.metadata);
  vu.metrics.metadata.trace = `t${__ITER}`;
  vu.metrics.metadata.n = 5;
  delete vu.metrics.metadata.n;
  attempt('set metadata', () => vu.metrics.metadata);
  attempt('bad metadata', () => { vu.metrics.metadata.bad = null; });
  attempt('all', () => exec.vu);
}

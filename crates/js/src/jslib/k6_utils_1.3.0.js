
// Since 1.3.0.
import exec from 'k6/execution';

const MILLISECONDS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** Milliseconds of a duration such as '1d2h3m4s5ms'; a bare number is milliseconds already. */
export function parseDuration(duration) {
  const text = String(duration ?? '').trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?(ms|[dhms]))+$/.test(text)) throw new Error(`'${text}' is not a valid duration`);
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) total += Number(count) * MILLISECONDS[unit];
  return total;
}

function currentStages() {
  const scenario = exec.test.options?.scenarios?.[exec.scenario.name];
  if (!Array.isArray(scenario?.stages)) {
    throw new Error('only scenarios whose executor has stages, ramping-vus or ramping-arrival-rate, have a current stage');
  }
  return scenario;
}

/** The position of the running stage in `stages`; of the last one when all are over. */
export function getCurrentStageIndex() {
  const { stages } = currentStages();
  let left = Date.now() - exec.scenario.startTime;
  for (let i = 0; i < stages.length; i++) {
    left -= parseDuration(stages[i].duration);
    if (left < 0) return i;
  }
  return stages.length - 1;
}

/** Tags what this iteration measures from now on with the position of the running stage. */
export function tagWithCurrentStageIndex() {
  exec.vu.metrics.tags.stage = String(getCurrentStageIndex());
}

/** The same with whether the running stage goes up, down, or neither. */
export function tagWithCurrentStageProfile() {
  const index = getCurrentStageIndex();
  const { stages, startVUs, startRate } = currentStages();
  const before = index > 0 ? stages[index - 1].target : (startVUs ?? startRate ?? 0);
  const { target } = stages[index];
  exec.vu.metrics.tags.stage_profile = target > before ? 'ramp-up' : target < before ? 'ramp-down' : 'steady';
}

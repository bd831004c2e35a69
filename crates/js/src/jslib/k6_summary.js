/* Text and XML of what `handleSummary` is given. Written from its documentation and from what k6 prints. */

const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];
const COLORS = { good: '\x1b[32m', bad: '\x1b[31m', value: '\x1b[36m', detail: '\x1b[36;2m', faint: '\x1b[2m' };
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];

const cut = (value, digits) => Math.trunc(value * 10 ** digits) / 10 ** digits;
const trimmed = (text) => (text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text);

function humanizeBytes(bytes) {
  if (bytes < 10) return `${bytes} B`;
  let unit = 0;
  while (bytes >= 1000 && unit + 1 < BYTE_UNITS.length) {
    bytes /= 1000;
    unit += 1;
  }
  const tenths = Math.floor(bytes * 10 + 0.5) / 10;
  return `${tenths.toFixed(tenths < 10 ? 1 : 0)} ${BYTE_UNITS[unit]}`;
}

function humanizeTime(millis, unit) {
  switch (unit) {
    case 's': return `${(millis / 1000).toFixed(2)}s`;
    case 'ms': return `${millis.toFixed(2)}ms`;
    case 'us': return `${(millis * 1000).toFixed(2)}µs`;
  }
  if (millis === 0) return '0s';
  if (millis < 0.001) return `${Math.trunc(millis * 1e6)}ns`;
  if (millis < 1) return `${trimmed(cut(millis * 1000, 2).toFixed(2))}µs`;
  if (millis < 1000) return `${trimmed(cut(millis, 2).toFixed(2))}ms`;
  if (millis < 60000) return `${trimmed(cut(millis / 1000, 2).toFixed(2))}s`;
  const seconds = Math.trunc(millis / 1000);
  const minutes = Math.trunc(seconds / 60);
  const rest = minutes >= 60 ? `${Math.trunc(minutes / 60)}h${minutes % 60}m` : `${minutes}m`;
  return `${rest}${seconds % 60}s`;
}

/** A value of a metric as the summary shows it. `timeUnit`, 's', 'ms' or 'us', is for times. */
export function humanizeValue(value, metric, timeUnit) {
  if (metric.type === 'rate') return `${cut(value * 100, 2).toFixed(2)}%`;
  if (metric.contains === 'data') return humanizeBytes(value);
  if (metric.contains === 'time') return humanizeTime(value, timeUnit);
  return trimmed(value.toFixed(6));
}

/** Columns of a text; marks that combine with the letter before them have none. */
function width(text) {
  return Array.from(text.normalize('NFC')).filter((char) => !/\p{Mark}/u.test(char)).length;
}

function painter(enabled) {
  return (text, color) => (enabled ? `${COLORS[color]}${text}\x1b[0m` : text);
}

function checkLines(check, indent, paint) {
  if (check.fails === 0) return paint(`${indent}✓ ${check.name}`, 'good');
  const share = Math.floor((100 * check.passes) / (check.passes + check.fails));
  const counts = `${indent} ↳  ${share}% — ✓ ${check.passes} / ✗ ${check.fails}`;
  return paint(`${indent}✗ ${check.name}\n${counts}`, 'bad');
}

function groupLines(group, indent, paint) {
  const lines = group.name === '' ? [] : [`${indent}█ ${group.name}`, ''];
  const inner = group.name === '' ? indent : `${indent}  `;
  for (const check of group.checks) lines.push(checkLines(check, inner, paint));
  if (group.checks.length > 0) lines.push('');
  for (const child of group.groups) lines.push(...groupLines(child, inner, paint));
  return lines;
}

/** The first value and those of second rank. */
function plainCells(metric, timeUnit) {
  const { values } = metric;
  const show = (value) => humanizeValue(value, metric, timeUnit);
  switch (metric.type) {
    case 'counter': return [show(values.count), `${show(values.rate)}/s`];
    case 'gauge': return [show(values.value), `min=${show(values.min)}`, `max=${show(values.max)}`];
    case 'rate': return [show(values.rate), ...RATE_DETAILS(values)];
    default: return ['[no data]'];
  }
}

function metricLines(data, options, paint) {
  const stats = options.summaryTrendStats || TREND_STATS;
  // A sub-metric stands below its metric.
  const names = Object.keys(data.metrics).sort((a, b) => {
    const [first, second] = [a.split('{')[0], b.split('{')[0]];
    if (first !== second) return first < second ? -1 : 1;
    return a < b ? -1 : a > b ? 1 : 0;
  });
  const rows = names.map((name) => {
    const metric = data.metrics[name];
    const brace = name.indexOf('{');
    const results = Object.values(metric.thresholds || {});
    const row = {
      metric,
      label: brace < 0 ? name : `{ ${name.slice(brace + 1, -1)} }`,
      indent: brace < 0 ? '' : '  ',
      mark: ' ',
    };
    if (results.length > 0) {
      row.mark = results.every((result) => result.ok) ? paint('✓', 'good') : paint('✗', 'bad');
    }
    if (metric.type === 'trend') {
      const shown = (stat) => (stat === 'count' ? metric.values[stat] : humanizeValue(metric.values[stat], metric, options.summaryTimeUnit));
      row.trend = stats.map((stat) => (metric.values[stat] === undefined ? '' : String(shown(stat))));
    } else {
      row.plain = plainCells(metric, options.summaryTimeUnit);
    }
    return row;
  });
  const widest = (texts) => texts.reduce((most, text) => Math.max(most, width(text)), 0);
  const leader = widest(rows.map((row) => row.indent + row.label)) + 3;
  const column = (cells, at) => widest(rows.map((row) => (row[cells] && row[cells][at]) || ''));
  const trendWidths = stats.map((_, at) => column('trend', at));
  const plainWidths = [0, 1, 2].map((at) => column('plain', at));
  const pad = (text, wanted) => ' '.repeat(Math.max(0, wanted - width(text)));
  return rows.map((row) => {
    const dots = '.'.repeat(leader - width(row.indent + row.label));
    let cells;
    if (row.trend) {
      cells = row.trend.map((text, at) => `${stats[at]}=${paint(text, 'value')}${pad(text, trendWidths[at])}`);
    } else {
      const single = row.plain.length < 3;
      cells = row.plain.map((text, at) => {
        const padding = at > 0 && single ? '' : pad(text, plainWidths[at]);
        return paint(text, at === 0 ? 'value' : 'detail') + padding;
      });
    }
    const start = `${options.indent}  ${row.indent}${row.mark} ${row.label}`;
    return `${start}${paint(`${dots}:`, 'faint')} ${cells.join(' ')}`;
  });
}

/**
 * The summary as text.
 * @param {object} data what `handleSummary` is given
 * @param {{indent?: string, enableColors?: boolean, summaryTimeUnit?: string, summaryTrendStats?: string[]}} [options]
 */
export function textSummary(data, options) {
  const said = { indent: ' ', enableColors: true, ...data.options, ...options };
  const paint = painter(said.enableColors);
  const checks = data.root_group ? groupLines(data.root_group, `${said.indent}    `, paint) : [];
  return [...checks, ...metricLines(data, said, paint)].join('\n');
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;', '"': '&quot;' };
const xml = (text) => String(text).replace(/[&<>'"]/g, (char) => ENTITIES[char]);

/**
 * The thresholds as a JUnit report.
 * @param {object} data what `handleSummary` is given
 * @param {{name?: string, classname?: string}} [options]
 */
export function jUnit(data, options = {}) {
  let failures = 0;
  const cases = [];
  const classname = options.classname === undefined ? '' : ` classname="${xml(options.classname)}"`;
  for (const [name, metric] of Object.entries(data.metrics)) {
    for (const [threshold, result] of Object.entries(metric.thresholds || {})) {
      const start = `<testcase name="${xml(name)} - ${xml(threshold)}"${classname}`;
      if (!result.ok) failures += 1;
      cases.push(result.ok ? `${start} />` : `${start}><failure message="failed" /></testcase>`);
    }
  }
  const counts = `tests="${cases.length}" failures="${failures}"`;
  const name = xml(options.name || 'k6 thresholds');
  return `<?xml version="1.0"?>\n<testsuites ${counts}>\n<testsuite name="${name}" ${counts}>${cases.join('\n')}\n</testsuite >\n</testsuites >`;
}

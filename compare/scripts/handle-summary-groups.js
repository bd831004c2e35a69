// The tree of groups and checks that handleSummary is given, with its identifiers.
// compare: exit, console, checks
import { check, group } from 'k6';

export default function () {
  check(1, { outside: true });
  group('outer', () => {
    check(1, { 'in "outer"': true, fails: false });
    group('inner', () => check(1, { deep: true }));
    group('empty', () => {});
  });
  group('second', () => check(1, { outside: false }));
}

function show(part, indent) {
  console.log(`${indent}${part.name}|${part.path}|${part.id}`);
  for (const { name, path, id, passes, fails } of part.checks) {
    console.log(`${indent}- ${name}|${path}|${id}|${passes}|${fails}`);
  }
  for (const child of part.groups) show(child, `${indent}  `);
}

export function handleSummary(data) {
  show(data.root_group, '');
}


// Since 1.1.0.

/** What stands between `left` and `right`, or ''. With `repeat` all such pieces in an array. */
export function findBetween(content, left, right, repeat = false) {
  const found = [];
  let from = 0;
  for (;;) {
    const at = content.indexOf(left, from);
    // Past its end, an empty string is found behind where the search began.
    if (at < from) break;
    const start = at + left.length;
    const end = content.indexOf(right, start);
    if (end < 0) break;
    found.push(content.slice(start, end));
    if (!repeat) break;
    from = Math.max(end + right.length, at + 1);
  }
  return repeat ? found : (found[0] ?? '');
}

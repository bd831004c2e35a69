export function pick(list, seed) {
  return list[(seed * 7919) % list.length];
}

export function shuffle(list, seed) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = (seed * (i + 1) * 104729) % (i + 1);
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}


// Since 1.2.0.

/** Stages along a bell curve: from three standard deviations before its height to three after it. */
export function normalDistributionStages(maxVus, durationSeconds, numberOfStages = 10) {
  const heights = [];
  for (let i = 1; i <= numberOfStages; i++) {
    const deviations = 3 * ((2 * i) / numberOfStages - 1);
    heights.push(Math.exp(-(deviations ** 2) / 2));
  }
  heights[numberOfStages - 1] = 0;
  const highest = Math.max(...heights);
  // Boundaries, not lengths, are rounded to milliseconds, so that the lengths add up.
  const boundary = (i) => Math.round((durationSeconds * 1000 * i) / numberOfStages);
  return heights.map((height, i) => ({
    duration: `${(boundary(i + 1) - boundary(i)) / 1000}s`,
    target: highest === 0 ? 0 : Math.round((maxVus * height) / highest),
  }));
}

// interrupt-after-ms: 100
export default function () {
  for (;;) {
    try {
      for (;;);
    } catch {
      console.log('never');
    } finally {
      console.log('never');
    }
  }
}

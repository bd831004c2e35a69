function configure() {
  throw new Error('not configured');
}

configure();

export default function () {}

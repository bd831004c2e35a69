// iterations: 2
import { check } from 'k6';

interface Message {
  text: string;
}

enum Level { Low = 1, High }

function fail(message: Message): never {

  throw new Error(message.text as string);
}

export default function (): void {
  const level: Level = Level.High;
  console.log(level, check<number>(1, { ok: (v: number) => v === 1 }));
  fail({ text: 'typed' });
}

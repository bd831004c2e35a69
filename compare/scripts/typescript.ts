// Types are stripped; enums, generics and parameter properties work.
// args: --iterations 2
// compare: exit, console, errors, checks, counts(iterations)
import { check } from 'k6';

enum Level {
  Low = 1,
  High = Low + 4,
}

interface Named {
  readonly name: string;
}

class User implements Named {
  constructor(
    public readonly name: string,
    private level: Level = Level.High,
  ) {}

  describe<T extends number>(scale: T): string {
    return `${this.name} at ${this.level * scale}`;
  }
}

export default function (): void {
  const user = new User('ada');
  console.log(user.describe(2), Level[5], (user as Named).name!);
  check(user, { 'has a name': (u: Named) => u.name.length > 0 });
  if (__ITER === 1) {
    throw new Error('in TypeScript');
  }
}

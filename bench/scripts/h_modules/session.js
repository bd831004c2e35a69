const names = ['Ada', 'Alan', 'Barbara', 'Donald', 'Edsger', 'Grace', 'Ken', 'Margaret'];

export const retry = { attempts: 3, pause: 250 };

export function login(vu) {
  return { user: `${names[vu % names.length]} ${vu}`, token: token(vu), ...retry };
}

function token(vu) {
  let state = vu * 2654435761 % 4294967296;
  let text = '';
  for (let i = 0; i < 8; i++) {
    state = (state * 1664525 + 1013904223) % 4294967296;
    text += state.toString(36);
  }
  return text;
}

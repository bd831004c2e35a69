//! Whether the exchange of fields works, by two VUs of one runtime that are suspended in the middle of
//! their scripts, in each other's way: they throw, catch, queue jobs and trace their stacks.

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use rquickjs::{Ctx, Function};
use sockeye_fiber::{FiberPool, StackConfig, block_on};

use super::{
    engine::Limits,
    fields::Fields,
    group::Group,
    native::function,
    seat::{Seat, suspended},
};

/// What each VU runs. `pause` suspends it; `say` writes down what the other must not disturb.
const SCRIPT: &str = "(name, pause, say) => {
    const deep = depth => depth > 0 ? deep(depth - 1) + 1 : (pause(), 0);
    Promise.resolve().then(() => say('first job')).then(() => { pause(); say('second job'); });
    say(deep(10));
    try {
        pause();
        throw new Error(name);
    } catch (error) {
        pause();
        say(`${error.message} ${error.stack.includes('deep') ? 'foreign' : 'own'}`);
    } finally {
        pause();
        say('finally');
    }
    const lines = (function traced() { pause(); return new Error('trace').stack; })();
    say(`${lines.includes('traced')} ${lines.includes('deep')}`);
    Promise.reject(name).catch(reason => { pause(); say(`rejected ${reason}`); });
    return [1, 2, 3].map(number => { pause(); return number * 2; }).join();
}";

/// Whether two VUs that are suspended again and again, in each order, do what they do alone.
pub(super) fn rehearse(fields: Fields) -> bool {
    let orders: [fn(usize) -> usize; 3] =
        [|step| step % 2, |step| usize::from(step % 3 != 0), |step| usize::from(step > 4)];
    orders.into_iter().all(|order| play(fields, order).unwrap_or(false))
}

fn play(fields: Fields, order: fn(usize) -> usize) -> Option<bool> {
    let group = Group::new(Limits::default(), Some(fields), 2, |_| {}).ok()?;
    let pool = FiberPool::new(StackConfig::default()).ok()?;
    let vus = [Player::new(&group, "a")?, Player::new(&group, "b")?];
    let mut first = pin!(vus[0].run(&pool));
    let mut second = pin!(vus[1].run(&pool));
    let (mut done, mut waits) = ([false; 2], Context::from_waker(Waker::noop()));
    // Each poll is as much of a script as there is between two pauses.
    for step in 0..200 {
        let number = order(step);
        let number = if done[number] { 1 - number } else { number };
        let turn = if number == 0 {
            first.as_mut().poll(&mut waits)
        } else {
            second.as_mut().poll(&mut waits)
        };
        done[number] = turn.is_ready();
        if done == [true; 2] {
            break;
        }
    }
    Some(done == [true; 2] && vus.iter().all(Player::did_well))
}

struct Player {
    name: &'static str,
    seat: Rc<Seat>,
    said: Rc<RefCell<Vec<String>>>,
}

impl Player {
    fn new(group: &Rc<Group>, name: &'static str) -> Option<Self> {
        let seat = group.seat().ok()?;
        Some(Self { name, seat, said: Rc::default() })
    }

    async fn run(&self, pool: &FiberPool) {
        let (seat, said, name) = (self.seat.clone(), self.said.clone(), self.name);
        let turn = pool.run(move || {
            seat.clone().turn(move |ctx| {
                let result = script(ctx, name, &said);
                while seat.run_job(ctx) {}
                let result = result.unwrap_or_else(|error| format!("{error} {:?}", ctx.catch()));
                said.borrow_mut().push(result);
            });
        });
        if let Err(fault) = turn.await {
            self.said.borrow_mut().push(fault.to_string());
        }
    }

    fn did_well(&self) -> bool {
        let expected = [
            "10".to_owned(),
            format!("{} own", self.name),
            "finally".to_owned(),
            "true false".to_owned(),
            "first job".to_owned(),
            format!("rejected {}", self.name),
            "second job".to_owned(),
            "2,4,6".to_owned(),
        ];
        *self.said.borrow() == expected
    }
}

fn script(ctx: &Ctx<'_>, name: &str, said: &Rc<RefCell<Vec<String>>>) -> rquickjs::Result<String> {
    let pause = function(ctx, |ctx: Ctx<'_>| {
        let paused = Cell::new(false);
        let once = poll_fn(|_| if paused.replace(true) { Poll::Ready(()) } else { Poll::Pending });
        // An abort is a failure of the rehearsal, and shows as what was not said.
        let _ = suspended(&ctx, || block_on(once));
    })?;
    let said = said.clone();
    let say = function(ctx, move |text: rquickjs::Coerced<String>| said.borrow_mut().push(text.0))?;
    ctx.eval::<Function<'_>, _>(SCRIPT)?.call((name, pause, say))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_this_engine_are_found_each_time() {
        let fields = Fields::find().expect("this engine's fields are found");
        assert_eq!(Fields::find(), Some(fields));
    }
}

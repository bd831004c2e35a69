//! Which late globals a VU has from the beginning.

use std::collections::BTreeSet;

use rquickjs::Ctx;

use super::{LATE, random};
use crate::{
    runtime::late::{self, Late},
    vu::Host,
    web,
};

/// The words of a script's text that matter to a VU's globals: their own names, and what lets a script meet them under
/// no name.
pub(crate) fn words(modules: &'static [Late]) -> impl Iterator<Item = &'static str> {
    let lists = lists(modules);
    let late: Vec<_> = late::names(&lists).collect();
    late.into_iter().chain(web::WATCHED).chain([EVAL, MATH]).chain(FIXING).chain(GLOBAL)
}

/// Gives the global object what the text names, as far as it has been loaded, and `Math.random` numbers of the VU's own.
///
/// # Errors
/// When memory is out.
pub(crate) fn prepare(ctx: &Ctx<'_>, host: &Host) -> rquickjs::Result<()> {
    let named = host.process.store.named();
    if named.contains(MATH) || named.contains(EVAL) {
        random::scatter(ctx)?;
    }
    if may_meet_all(&named) {
        return late::prepare(ctx, late::names(&lists(host.process.modules.globals)));
    }
    late::prepare(ctx, named)
}

fn lists(modules: &'static [Late]) -> [&'static [Late]; 3] {
    [web::LATE, LATE, modules]
}

/// Text that is evaluated can declare any name, which looks at the global object's own properties only; and an object
/// that takes no properties any more takes none that is late.
fn may_meet_all(named: &BTreeSet<&'static str>) -> bool {
    let any = |words: &[&str]| words.iter().any(|word| named.contains(word));
    any(&[EVAL]) || any(&FIXING) && any(&GLOBAL)
}

/// The engine makes it when it is looked for, so who does not name it need not have it.
const MATH: &str = "Math";
const EVAL: &str = "eval";
const FIXING: [&str; 3] = ["freeze", "preventExtensions", "seal"];
const GLOBAL: [&str; 2] = ["global", "globalThis"];

//! Which globals are late, which of them have been made, and making them.
#![allow(unsafe_code, reason = "rquickjs asks for one marker trait to be asserted")]

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use rquickjs::{
    Ctx, Error, Function, IntoJs as _, JsLifetime, Result, Value,
    function::{Opt, This},
    object::Property,
};

use super::{
    asked,
    property::{Own, OwnAccessor, has_own, own},
};
use crate::runtime::{
    builtins::{BUILTINS, Builtin},
    native, realm,
};

/// Globals that are made together.
pub(crate) struct Late {
    names: &'static [&'static str],
    /// Makes them, and hands each to [`publish`].
    make: for<'js> fn(&Ctx<'js>) -> Result<()>,
    if_named: IfNamed,
}

impl Late {
    /// Globals that are natives.
    pub(crate) const fn native(
        names: &'static [&'static str],
        make: for<'js> fn(&Ctx<'js>) -> Result<()>,
    ) -> Self {
        Self { names, make, if_named: IfNamed::Made }
    }

    /// Globals that are JavaScript.
    pub(crate) const fn script(
        names: &'static [&'static str],
        make: for<'js> fn(&Ctx<'js>) -> Result<()>,
    ) -> Self {
        Self { names, make, if_named: IfNamed::Accessor }
    }
}

/// What the global object has from the beginning for a name that stands somewhere in the script's text, so that a
/// script which looks at the global object's own properties finds what it may look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IfNamed {
    /// The global.
    Made,
    /// An accessor that makes it, since that takes much memory.
    Accessor,
}

/// What a context keeps of its late globals.
pub(super) struct Lates<'js> {
    /// A bit for each of [`BUILTINS`] that is not there yet.
    lacking: Cell<u8>,
    lists: RefCell<Vec<List>>,
    /// What was published, for natives: a script may have put something else there since.
    first: RefCell<Vec<(&'static str, Value<'js>)>>,
    /// What scripts assigned to before it was made: they shall not find it when they delete theirs.
    given_up: RefCell<Vec<String>>,
    /// The accessors of [`IfNamed::Accessor`].
    accessors: RefCell<Vec<(&'static str, Function<'js>)>>,
}

// SAFETY: the only lifetime is that of the JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for Lates<'js> {
    type Changed<'to> = Lates<'to>;
}

struct List {
    entries: &'static [Late],
    /// A bit for each of them.
    made: u32,
}

/// Makes a context ask for late globals. `lacking` are the built-ins that it was made without.
///
/// # Errors
/// When memory is out.
pub(in crate::runtime) fn install(ctx: &Ctx<'_>, lacking: &[Builtin]) -> Result<()> {
    let lacking = lacking.iter().fold(0, |bits, builtin| bits | builtin.bit());
    let lates = Lates {
        lacking: Cell::new(lacking),
        lists: RefCell::default(),
        first: RefCell::default(),
        given_up: RefCell::default(),
        accessors: RefCell::default(),
    };
    realm::keep(ctx, lates)?;
    asked::put_behind(ctx)
}

/// Adds globals that [`install`]'s object is to be asked for. At most 32 entries.
///
/// # Errors
/// When memory is out.
pub(crate) fn add(ctx: &Ctx<'_>, entries: &'static [Late]) -> Result<()> {
    if realm::kept::<Lates<'_>>(ctx).is_none() {
        install(ctx, &[])?;
    }
    let lates = lates(ctx)?;
    lates.lists.borrow_mut().push(List { entries, made: 0 });
    Ok(())
}

/// Puts a value where a late global belongs, unless a script has something of its own there.
///
/// # Errors
/// When memory is out, the global object takes no properties any more, or there is no such late global.
pub(crate) fn publish<'js>(ctx: &Ctx<'js>, name: &str, value: Value<'js>) -> Result<()> {
    let lates = lates(ctx)?;
    let (name, _) = lates.entry(name).ok_or(Error::Unknown)?;
    lates.first.borrow_mut().push((name, value.clone()));
    let globals = ctx.globals();
    let ours = lates.accessors.borrow().iter().find(|(known, _)| *known == name).cloned();
    match own(&globals, name)? {
        Own::Nothing => {}
        Own::Getter(getter) if ours.is_some_and(|(_, ours)| *ours.as_value() == getter) => {}
        Own::Value | Own::Getter(_) => return Ok(()),
    }
    globals.prop(name, Property::from(value).writable().configurable())
}

/// The same for a function, which gets that name.
///
/// # Errors
/// As [`publish`].
pub(crate) fn publish_function<'js>(
    ctx: &Ctx<'js>,
    name: &str,
    function: Result<Function<'js>>,
) -> Result<()> {
    publish(ctx, name, function?.with_name(name)?.into_value())
}

/// The names of all late globals of `lists`, and of those that every context has.
pub(crate) fn names(lists: &[&'static [Late]]) -> impl Iterator<Item = &'static str> {
    let ours = lists.iter().copied().flatten().flat_map(|late| late.names);
    BUILTINS.iter().flat_map(|builtin| builtin.names()).chain(ours).copied()
}

/// Gives the global object properties of its own for late globals of these names: see [`IfNamed`].
///
/// # Errors
/// When memory is out.
pub(crate) fn prepare(ctx: &Ctx<'_>, names: impl IntoIterator<Item = &'static str>) -> Result<()> {
    let lates = lates(ctx)?;
    for name in names {
        if !lates.entry(name).is_some_and(|(_, if_named)| if_named == IfNamed::Accessor) {
            make(ctx, &lates, name)?;
            continue;
        }
        let function = accessor(ctx, name.to_owned())?;
        ctx.globals().prop(name, OwnAccessor(function.clone()))?;
        lates.accessors.borrow_mut().push((name, function));
    }
    Ok(())
}

/// What a late global was at first, made now if need be, whatever a script did to the global object.
///
/// # Errors
/// What making it throws; when there is no such global.
pub(crate) fn first<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Value<'js>> {
    let lates = lates(ctx)?;
    let known = |name| {
        let first = lates.first.borrow();
        first.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    };
    if let Some(value) = known(name) {
        return Ok(value);
    }
    if !make(ctx, &lates, name)? {
        // It was there from the beginning.
        return ctx.globals().get(name);
    }
    known(name).ok_or(Error::Unknown)
}

/// Whether a late global of that name has been made.
///
/// # Errors
/// When the context has none.
pub(crate) fn is_made(ctx: &Ctx<'_>, name: &str) -> Result<bool> {
    Ok(lates(ctx)?.first.borrow().iter().any(|(known, _)| *known == name))
}

/// Sees to it that a built-in is there which natives make objects of.
///
/// # Errors
/// When memory is out.
pub(crate) fn need(ctx: &Ctx<'_>, builtin: Builtin) -> Result<()> {
    match realm::kept::<Lates<'_>>(ctx) {
        Some(lates) if lates.lacking.get() & builtin.bit() != 0 => {
            add_builtin(ctx, &lates, builtin)
        }
        _ => Ok(()),
    }
}

pub(super) fn lates<'js>(ctx: &Ctx<'js>) -> Result<Rc<Lates<'js>>> {
    realm::kept::<Lates<'js>>(ctx).ok_or(Error::Unknown)
}

/// Makes what has that name. False if nothing late has, or it was made before.
fn make<'js>(ctx: &Ctx<'js>, lates: &Lates<'js>, name: &str) -> Result<bool> {
    if let Some(builtin) = lacking(lates, name) {
        add_builtin(ctx, lates, builtin)?;
        return Ok(true);
    }
    let make = lates.lists.borrow_mut().iter_mut().find_map(|list| {
        let at = list.entries.iter().position(|late| late.names.contains(&name))?;
        let is_new = list.made & 1 << at == 0;
        list.made |= 1 << at;
        is_new.then_some(list.entries[at].make)
    });
    match make {
        Some(make) => make(ctx).map(|()| true),
        None => Ok(false),
    }
}

/// Whether a look-up that found nothing is to find something late.
pub(super) fn is_to_come(lates: &Lates<'_>, name: &str) -> bool {
    if lates.given_up.borrow().iter().any(|given_up| given_up == name) {
        return false;
    }
    lacking(lates, name).is_some()
        || lates.lists.borrow().iter().any(|list| {
            let entries = list.entries.iter().enumerate();
            let mut to_come = entries.filter(|(at, _)| list.made & 1 << at == 0);
            to_come.any(|(_, late)| late.names.contains(&name))
        })
}

impl Lates<'_> {
    /// The late global of that name, but for built-ins.
    fn entry(&self, name: &str) -> Option<(&'static str, IfNamed)> {
        self.lists.borrow().iter().flat_map(|list| list.entries).find_map(|late| {
            let known = late.names.iter().find(|known| **known == name)?;
            Some((*known, late.if_named))
        })
    }
}

fn lacking(lates: &Lates<'_>, name: &str) -> Option<Builtin> {
    let builtin = BUILTINS.iter().find(|builtin| builtin.names().contains(&name))?;
    (lates.lacking.get() & builtin.bit() != 0).then_some(*builtin)
}

fn add_builtin<'js>(ctx: &Ctx<'js>, lates: &Lates<'js>, builtin: Builtin) -> Result<()> {
    lates.lacking.set(lates.lacking.get() & !builtin.bit());
    let globals = ctx.globals();
    let mut scripts = Vec::new();
    for &name in builtin.names() {
        if has_own(&globals, name)? {
            scripts.push((name, globals.get::<_, Value<'js>>(name)?));
        }
    }
    builtin.add(ctx)?;
    for &name in builtin.names() {
        lates.first.borrow_mut().push((name, globals.get(name)?));
    }
    for (name, value) in scripts {
        globals.prop(name, Property::from(value).writable().configurable())?;
    }
    Ok(())
}

/// One function gets and sets, to cost half: it is called with the value when it is to set.
pub(super) fn accessor<'js>(ctx: &Ctx<'js>, name: String) -> Result<Function<'js>> {
    let call = move |ctx: Ctx<'js>, _: This<Value<'js>>, value: Opt<Value<'js>>| {
        if let Some(value) = value.0 {
            let plain = Property::from(value).writable().configurable().enumerable();
            ctx.globals().prop(name.as_str(), plain)?;
            lates(&ctx)?.given_up.borrow_mut().push(name.clone());
            return ().into_js(&ctx);
        }
        first(&ctx, &name)
    };
    native::function(ctx, call)
}

//! Which globals are late, which of them have been made, and making them.
#![allow(unsafe_code, reason = "rquickjs asks for one marker trait to be asserted")]

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use rquickjs::{
    Ctx, Error, Exception, Function, IntoJs as _, JsLifetime, Result, Value,
    function::{Opt, This},
    object::Property,
};

use super::{
    asked,
    property::{Own, OwnAccessor, has_own, own, put_back, take},
};
use crate::runtime::{
    builtins::{BUILTINS, Builtin},
    ffi, native, realm,
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
    /// What was made when the global object took no properties any more: the object behind it has these for good.
    behind: RefCell<Vec<&'static str>>,
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
        behind: RefCell::default(),
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

/// Puts a value where a late global belongs, unless a script has something of its own there, or wants nothing there.
///
/// # Errors
/// When memory is out, or there is no such late global.
pub(crate) fn publish<'js>(ctx: &Ctx<'js>, name: &str, value: Value<'js>) -> Result<()> {
    let lates = lates(ctx)?;
    let (name, _) = lates.entry(name).ok_or(Error::Unknown)?;
    lates.first.borrow_mut().push((name, value.clone()));
    let globals = ctx.globals();
    let ours = lates.accessor_of(name);
    match (own(&globals, name)?, ours) {
        (Own::Nothing, None) if !lates.is_given_up(name) => {}
        (Own::Getter(getter), Some(ours)) if *ours.as_value() == getter => {}
        _ => return Ok(()),
    }
    if !has_own(&globals, name)? && !ffi::is_extensible(&globals)? {
        lates.behind.borrow_mut().push(name);
        return Ok(());
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

/// Gives the global object properties of its own for late globals of these names: see [`IfNamed`]. Those that are there
/// already, or that a script has given up, stay as they are.
///
/// # Errors
/// When memory is out.
pub(crate) fn prepare(ctx: &Ctx<'_>, names: impl IntoIterator<Item = &'static str>) -> Result<()> {
    let lates = lates(ctx)?;
    for name in names {
        if !is_to_come(&lates, name) || has_own(&ctx.globals(), name)? {
            continue;
        }
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
/// What making it throws.
pub(crate) fn first<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Value<'js>> {
    let lates = lates(ctx)?;
    if let Some(value) = lates.made(name) {
        return Ok(value);
    }
    match make(ctx, &lates, name)? {
        // It was there from the beginning.
        Outcome::NotLate => ctx.globals().get(name),
        Outcome::Made => lates.made(name).ok_or_else(|| {
            Exception::throw_internal(ctx, &format!("internal error: `{name}` was not made"))
        }),
        Outcome::Making => {
            Err(Exception::throw_reference(ctx, &format!("`{name}` is being made just now")))
        }
    }
}

/// Whether a late global of that name has been made.
///
/// # Errors
/// When the context has none.
pub(crate) fn is_made(ctx: &Ctx<'_>, name: &str) -> Result<bool> {
    Ok(lates(ctx)?.made(name).is_some())
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

/// What came of the wish to make a late global.
enum Outcome {
    Made,
    /// Something looks for it that its own making has called.
    Making,
    NotLate,
}

/// Makes what has that name. What fails is to come again.
fn make<'js>(ctx: &Ctx<'js>, lates: &Lates<'js>, name: &str) -> Result<Outcome> {
    if let Some(builtin) = lates.lacking(name) {
        add_builtin(ctx, lates, builtin)?;
        return Ok(Outcome::Made);
    }
    let Some((list, at)) = lates.place(name) else { return Ok(Outcome::NotLate) };
    let make = {
        let mut lists = lates.lists.borrow_mut();
        let list = &mut lists[list];
        if list.made & 1 << at != 0 {
            return Ok(Outcome::Making);
        }
        list.made |= 1 << at;
        list.entries[at].make
    };
    make(ctx).map(|()| Outcome::Made).inspect_err(|_| {
        lates.lists.borrow_mut()[list].made &= !(1 << at);
    })
}

/// Whether a look-up that found nothing is to find something late.
pub(super) fn is_to_come(lates: &Lates<'_>, name: &str) -> bool {
    if lates.is_given_up(name) || lates.accessor_of(name).is_some() {
        return false;
    }
    lates.behind.borrow().contains(&name)
        || lates.lacking(name).is_some()
        || lates
            .place(name)
            .is_some_and(|(list, at)| lates.lists.borrow()[list].made & 1 << at == 0)
}

impl<'js> Lates<'js> {
    /// In which list it is, and at which place there.
    fn place(&self, name: &str) -> Option<(usize, usize)> {
        self.lists.borrow().iter().enumerate().find_map(|(list, it)| {
            let at = it.entries.iter().position(|late| late.names.contains(&name))?;
            Some((list, at))
        })
    }

    /// The late global of that name, but for built-ins.
    fn entry(&self, name: &str) -> Option<(&'static str, IfNamed)> {
        let (list, at) = self.place(name)?;
        let late = &self.lists.borrow()[list].entries[at];
        let known = late.names.iter().find(|known| **known == name)?;
        Some((*known, late.if_named))
    }

    fn made(&self, name: &str) -> Option<Value<'js>> {
        let first = self.first.borrow();
        first.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }

    fn is_given_up(&self, name: &str) -> bool {
        self.given_up.borrow().iter().any(|given_up| given_up == name)
    }

    fn accessor_of(&self, name: &str) -> Option<Function<'js>> {
        let accessors = self.accessors.borrow();
        accessors.iter().find(|(known, _)| *known == name).map(|(_, function)| function.clone())
    }

    fn lacking(&self, name: &str) -> Option<Builtin> {
        let builtin = BUILTINS.iter().find(|builtin| builtin.names().contains(&name))?;
        (self.lacking.get() & builtin.bit() != 0).then_some(*builtin)
    }
}

/// The engine takes no property of the global object for its own that is there already, so what scripts have there is
/// taken away meanwhile.
fn add_builtin<'js>(ctx: &Ctx<'js>, lates: &Lates<'js>, builtin: Builtin) -> Result<()> {
    let globals = ctx.globals();
    if !ffi::is_extensible(&globals)? {
        let names = builtin.names().join("`, `");
        let message = format!(
            "`{names}` can't be made any more, because the global object takes no properties: name \
             them in the script"
        );
        return Err(Exception::throw_type(ctx, &message));
    }
    let mut scripts = Vec::new();
    let mut taken = Ok(());
    for &name in builtin.names() {
        match take(&globals, name) {
            Ok(Some(property)) => scripts.push((name, property)),
            Ok(None) => {}
            Err(error) => taken = Err(error),
        }
    }
    let added = taken.and_then(|()| {
        lates.lacking.set(lates.lacking.get() & !builtin.bit());
        builtin.add(ctx)?;
        for &name in builtin.names() {
            let value = globals.get(name)?;
            lates.first.borrow_mut().push((name, value));
        }
        Ok(())
    });
    for (name, property) in scripts {
        put_back(&globals, name, &property)?;
    }
    added
}

/// One function gets and sets, to cost half: it is called with the value when it is to set.
pub(super) fn accessor<'js>(ctx: &Ctx<'js>, name: String) -> Result<Function<'js>> {
    let call = move |ctx: Ctx<'js>, this: This<Value<'js>>, value: Opt<Value<'js>>| {
        let Some(value) = value.0 else { return first(&ctx, &name) };
        let globals = ctx.globals();
        let plain = Property::from(value).writable().configurable();
        match this.0.as_object() {
            // An object that inherits from the global one gets a property of its own, as of any plain one.
            Some(other) if *other != globals => other.prop(name.as_str(), plain.enumerable())?,
            _ => {
                globals.prop(name.as_str(), plain)?;
                lates(&ctx)?.given_up.borrow_mut().push(name.clone());
            }
        }
        ().into_js(&ctx)
    };
    native::function(ctx, call)
}

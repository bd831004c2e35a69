//! A JavaScript exception as text: its name and message, then the frames of its stack in the user's
//! files and lines.

use rquickjs::{Coerced, Ctx, Exception, Object, Value, function::Constructor};

use super::ffi;

/// Translates a position in what the engine compiled to one in what the user wrote.
pub(crate) trait SourceMaps {
    /// The user's line and column, both from 1, or `None` where they are the same.
    fn original(&self, file: &str, line: u32, column: u32) -> Option<(u32, u32)>;
}

/// An exception that ended a piece of script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Thrown {
    /// The script or one of its calls threw. k6: `Error: boom\n\tat f (file:///a.js:1:2)\n`.
    Error(String),
    /// A promise was rejected and nobody listened.
    Rejection(String),
    /// The VU was interrupted; the script can't catch that.
    Interrupted,
}

/// Takes the exception that is pending in `ctx`.
pub(crate) fn take(ctx: &Ctx<'_>, maps: &dyn SourceMaps) -> Thrown {
    let error = ctx.catch();
    if ffi::is_uncatchable(&error) {
        return Thrown::Interrupted;
    }
    Thrown::Error(describe(&error, maps))
}

/// Name, message and stack of anything that can be thrown.
pub(crate) fn describe(error: &Value<'_>, maps: &dyn SourceMaps) -> String {
    let head = headline(error);
    let stack = error
        .as_object()
        .and_then(|object| object.get::<_, Option<Coerced<String>>>("stack").ok().flatten());
    // Reading `stack` or `message` may run the script's own getters, which may throw in turn.
    error.ctx().catch();
    let mut text = head;
    for frame in frames(stack.iter().flat_map(|stack| stack.lines()), maps) {
        text.push_str("\n\tat ");
        text.push_str(&frame);
    }
    text.push('\n');
    text
}

/// Where the script is that called the native function which runs: its innermost frame.
pub(crate) fn caller(ctx: &Ctx<'_>, maps: &dyn SourceMaps) -> Option<String> {
    let stack = Exception::from_message(ctx.clone(), "").and_then(|error| {
        // The constructor looks at the stack; an error that natives make has none until it is thrown.
        let constructor: Constructor<'_> = error.get("constructor")?;
        constructor.construct::<_, Object<'_>>(())?.get::<_, Option<String>>("stack")
    });
    // A script may have put something else in the constructor's place, which may throw.
    let Ok(stack) = stack else {
        ctx.catch();
        return None;
    };
    let frames = frames(stack.as_deref().unwrap_or_default().lines(), maps);
    frames.into_iter().find(|frame| !frame.ends_with("(native)"))
}

/// The frames of the script. Those inside sockeye's own JavaScript are left out, and so is the native
/// one, such as `call`, by which it called the script.
fn frames<'a>(lines: impl Iterator<Item = &'a str>, maps: &dyn SourceMaps) -> Vec<String> {
    let mut frames: Vec<String> = Vec::new();
    for line in lines {
        match frame(line, maps) {
            Frame::Script(text) => frames.push(text),
            Frame::Ours if frames.last().is_some_and(|last| last.ends_with("(native)")) => {
                frames.pop();
            }
            Frame::Ours => {}
        }
    }
    frames
}

enum Frame {
    Script(String),
    Ours,
}

fn headline(error: &Value<'_>) -> String {
    let text = |object: &Object<'_>, key: &str| {
        object.get::<_, Option<Coerced<String>>>(key).ok().flatten().map(|text| text.0)
    };
    match error.as_object() {
        Some(object) if error.is_error() || object.contains_key("stack").unwrap_or(false) => {
            let name = text(object, "name").unwrap_or_else(|| "Error".to_owned());
            match text(object, "message") {
                Some(message) if !message.is_empty() => format!("{name}: {message}"),
                _ => name,
            }
        }
        object => {
            let shown = error
                .get::<Coerced<String>>()
                .map_or_else(|_| "a value that can't be shown as text".to_owned(), |text| text.0);
            // Libraries reject with the events of their sockets, whose text says nothing.
            let told = match (object, shown.as_str()) {
                (Some(event), "[object ErrorEvent]") => text(event, "message"),
                (Some(event), "[object CloseEvent]") => text(event, "code").map(|code| {
                    let reason = text(event, "reason").unwrap_or_default();
                    format!("{code} {reason}").trim_end().to_owned()
                }),
                _ => None,
            };
            match told {
                Some(told) if !told.is_empty() => format!("{shown}: {told}"),
                _ => shown,
            }
        }
    }
}

/// One line of the engine's stack, `    at name (file:line:column)`, in the user's positions.
fn frame(line: &str, maps: &dyn SourceMaps) -> Frame {
    let Some(frame) = line.trim().strip_prefix("at ") else { return Frame::Ours };
    let (name, place) = match frame.rsplit_once(" (") {
        Some((name, place)) => (name, place.trim_end_matches(')')),
        None => ("", frame),
    };
    // The modules of a script are URLs; ours are not.
    if place.starts_with("internal:") || place.starts_with("k6/") {
        return Frame::Ours;
    }
    let place = match split_position(place) {
        Some((file, line, column)) => {
            let (line, column) = maps.original(file, line, column).unwrap_or((line, column));
            format!("{file}:{line}:{column}")
        }
        None => place.to_owned(),
    };
    Frame::Script(match name {
        "" | "<anonymous>" => place,
        name => format!("{name} ({place})"),
    })
}

fn split_position(place: &str) -> Option<(&str, u32, u32)> {
    let (rest, column) = place.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    Some((file, line.parse().ok()?, column.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct NoMaps;
    impl SourceMaps for NoMaps {
        fn original(&self, _: &str, line: u32, column: u32) -> Option<(u32, u32)> {
            (line == 99).then_some((9, column))
        }
    }

    #[test]
    fn frames_are_in_the_users_positions() {
        let check = |stack: &str, expect: &[&str]| {
            assert_eq!(frames(stack.lines(), &NoMaps), expect, "{stack}");
        };
        check("    at f (file:///a b.js:1:2)", &["f (file:///a b.js:1:2)"]);
        check("    at <anonymous> (file:///a.ts:99:2)", &["file:///a.ts:9:2"]);
        check(
            "    at f (native)\n    at g (file:///a.js:1:2)",
            &["f (native)", "g (file:///a.js:1:2)"],
        );
        check("    at call (native)\n    at fire (internal:web/events:1:2)", &[]);
        check(
            "    at f (file:///a.js:1:2)\n    at deliver (k6/websockets:1:2)",
            &["f (file:///a.js:1:2)"],
        );
        check("nonsense", &[]);
    }
}

//! CommonJS: the function around a file, and `module.exports` as the exports of an ES module.

use rquickjs::{
    Ctx, Filter, Module, Object, Value,
    module::{Declarations, Declared, Exports, ModuleDef},
};

use crate::interop::hidden;

/// Before the source, on its first line, so that no line moves.
pub(crate) const PROLOGUE: &str = "(function (module, exports, require) {";

/// The file as a script whose value is a function.
pub(crate) fn wrap(source: &str) -> String {
    format!("{PROLOGUE}{source}\n}})")
}

/// The name under which the exports of evaluated CommonJS files wait for their ES module.
const SHELF: &str = "sockeye.commonjs";

/// Makes an ES module whose exports are those of a CommonJS file that has been evaluated: `default`
/// is `module.exports`, and each of its own enumerable properties is an export too.
pub(crate) fn as_module<'js>(
    ctx: &Ctx<'js>,
    url: &str,
    exports: Value<'js>,
) -> rquickjs::Result<Module<'js, Declared>> {
    shelf(ctx)?.set(url, exports)?;
    Module::declare_def::<CommonJs, _>(ctx.clone(), url)
}

struct CommonJs;

impl ModuleDef for CommonJs {
    fn declare(declarations: &Declarations<'_>) -> rquickjs::Result<()> {
        let module = declarations.module();
        let exports = exports_of(module)?;
        declarations.declare("default")?;
        for name in names(&exports) {
            declarations.declare(name)?;
        }
        Ok(())
    }

    fn evaluate<'js>(_: &Ctx<'js>, out: &Exports<'js>) -> rquickjs::Result<()> {
        let exports = exports_of(out.module())?;
        for name in names(&exports) {
            let value: Value<'js> = match exports.as_object() {
                Some(object) => object.get(name.as_str())?,
                None => continue,
            };
            out.export(name, value)?;
        }
        out.export("default", exports)?;
        Ok(())
    }
}

fn names(exports: &Value<'_>) -> Vec<String> {
    let Some(object) = exports.as_object() else { return Vec::new() };
    object
        .own_keys::<String>(Filter::new().string().enum_only())
        .filter_map(Result::ok)
        .filter(|name| name != "default" && !name.contains('\0'))
        .collect()
}

fn exports_of<'js>(module: &Module<'js, Declared>) -> rquickjs::Result<Value<'js>> {
    let url: String = module.name()?;
    shelf(module.ctx())?.get(url)
}

/// A map from URL to `module.exports`.
fn shelf<'js>(ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>> {
    hidden(ctx, SHELF)
}

//! The compiled modules of a run, shared by all its VUs.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use super::{
    LoadError,
    analyse::{Analysed, Import, Syntax, analyse},
    commonjs,
    compiler::Compiler,
};
use crate::runtime::{
    bytecode::{self, Bytecode},
    exception::{self, SourceMaps},
};
use oxc_sourcemap::SourceMap;

/// One module, compiled.
#[derive(Debug)]
pub(crate) struct CompiledModule {
    pub(crate) syntax: Syntax,
    pub(crate) code: Bytecode,
    /// What it imports, for the graph walk.
    pub(crate) imports: Vec<Import>,
    map: Option<SourceMap<'static>>,
}

/// Modules by the text of their URL.
#[derive(Debug, Default)]
pub(crate) struct ModuleStore {
    modules: RwLock<HashMap<String, Arc<CompiledModule>>>,
    /// Canonical name of each (importer, specifier) that the graph walk met.
    aliases: RwLock<BTreeMap<(String, String), String>>,
    /// What a VU makes only for scripts that name it.
    names: BTreeSet<&'static str>,
    /// Which of them stand in some module's text.
    named: RwLock<BTreeSet<&'static str>>,
}

impl ModuleStore {
    /// An empty store that looks for `names` in what it compiles.
    pub(crate) fn new(names: impl Iterator<Item = &'static str>) -> Self {
        Self { names: names.collect(), ..Self::default() }
    }

    /// Those of the names that the modules mention, in code, text or comments.
    pub(crate) fn named(&self) -> BTreeSet<&'static str> {
        self.named.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn look_for_names(&self, source: &str) {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let words = source.split(|c| !is_part(c));
        let found: BTreeSet<_> = words.filter_map(|word| self.names.get(word).copied()).collect();
        self.named.write().unwrap_or_else(PoisonError::into_inner).extend(found);
    }

    /// The module of that URL, if it was compiled.
    pub(crate) fn get(&self, url: &str) -> Option<Arc<CompiledModule>> {
        self.modules.read().unwrap_or_else(PoisonError::into_inner).get(url).cloned()
    }

    /// Parses and compiles `source`. Nothing is run.
    pub(crate) fn compile(
        &self,
        compiler: &Compiler,
        url: &str,
        source: &str,
    ) -> Result<Arc<CompiledModule>, LoadError> {
        self.look_for_names(source);
        let Analysed { code, syntax, imports, map } = analyse(url, source)?;
        let code = compiler.with(|ctx| {
            match syntax {
                Syntax::Module => bytecode::compile_module(ctx, url, &code),
                Syntax::CommonJs => bytecode::compile_script(ctx, url, &commonjs::wrap(&code)),
            }
            .map_err(|_| {
                // What the parser takes and the engine does not, such as nesting beyond its limit.
                let thrown = exception::describe(&ctx.catch(), self);
                let mut message = format!("can't compile: {}", thrown.trim_end());
                if !message.contains("\n\tat ") {
                    message = format!("{message}\n\tat {url}");
                }
                LoadError::Import { message, importer: None }
            })
        })?;
        let module = Arc::new(CompiledModule { syntax, code, imports, map });
        self.modules
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(url.to_owned(), module.clone());
        Ok(module)
    }

    /// Remembers where a specifier led, when it led elsewhere than its text says: a redirect.
    pub(crate) fn alias(&self, importer: &str, specifier: &str, url: &str) {
        self.aliases
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((importer.to_owned(), specifier.to_owned()), url.to_owned());
    }

    /// Where a specifier led.
    pub(crate) fn alias_of(&self, importer: &str, specifier: &str) -> Option<String> {
        self.aliases
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(importer.to_owned(), specifier.to_owned()))
            .cloned()
    }
}

impl SourceMaps for ModuleStore {
    fn original(&self, file: &str, line: u32, column: u32) -> Option<(u32, u32)> {
        let module = self.get(file)?;
        if module.syntax == Syntax::CommonJs && line == 1 {
            let shift = u32::try_from(commonjs::PROLOGUE.len()).unwrap_or(0);
            return Some((line, column.saturating_sub(shift).max(1)));
        }
        let map = module.map.as_ref()?;
        let table = map.generate_lookup_table();
        let token = map.lookup_token(&table, line.checked_sub(1)?, column.saturating_sub(1))?;
        Some((token.get_src_line() + 1, token.get_src_col() + 1))
    }
}

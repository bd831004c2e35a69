//! Parsing with oxc: what a source imports, whether it is an ES module, and TypeScript's types taken
//! away. A syntax error is found here, with its line and a caret.

use std::path::Path;

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::SemanticBuilder;
use oxc_sourcemap::SourceMap;
use oxc_span::SourceType;
use oxc_transformer::{TransformOptions, Transformer};

use super::{
    LoadError,
    deep::{is_too_deep, with_deep_stack},
};

/// What is known of a source once it is parsed.
pub(crate) struct Analysed {
    /// JavaScript that the engine takes.
    pub(crate) code: String,
    /// ES module or CommonJS.
    pub(crate) syntax: Syntax,
    /// Its static imports in the order of the text, each specifier once.
    pub(crate) imports: Vec<Import>,
    /// From positions in `code` to the user's, where they differ.
    pub(crate) map: Option<SourceMap<'static>>,
}

/// The two kinds of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// It has `import` or `export`.
    Module,
    /// It has neither.
    CommonJs,
}

/// One static import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) specifier: String,
    /// From 1. The place of the specifier.
    pub(crate) line: usize,
    /// From 1.
    pub(crate) column: usize,
}

/// Parses `source`, which came from `file`. Types are stripped if its name ends in `.ts`.
pub(crate) fn analyse(file: &str, source: &str) -> Result<Analysed, LoadError> {
    // ECMAScript allows it in strings; the engine takes sources that end with it.
    if let Some(offset) = source.find('\0') {
        return Err(syntax_error(file, source, offset, "a NUL character: write `\\0` instead"));
    }
    if is_too_deep(source) {
        return Err(syntax_error(file, source, 0, "too deeply nested"));
    }
    with_deep_stack(source.len(), || parse(file, source))
}

fn parse(file: &str, source: &str) -> Result<Analysed, LoadError> {
    let allocator = Allocator::default();
    let is_typescript = Path::new(file).extension().is_some_and(|ending| ending == "ts");
    let source_type = if is_typescript { SourceType::ts() } else { SourceType::unambiguous() };
    // A CommonJS file is the body of a function, where `return` is allowed.
    let options = ParseOptions { allow_return_outside_function: true, ..ParseOptions::default() };
    let parsed = Parser::new(&allocator, source, source_type).with_options(options).parse();
    if let Some(error) = parsed.diagnostics.errors().next() {
        let offset = error.labels.first().map_or(source.len(), |label| label.offset() as usize);
        return Err(syntax_error(file, source, offset, &error.message));
    }
    let mut imports: Vec<(usize, String)> = parsed
        .module_record
        .requested_modules
        .iter()
        .filter_map(|(specifier, requests)| {
            let first = requests.iter().filter(|request| !request.is_type).map(|r| r.span.start);
            first.min().map(|at| (at as usize, specifier.to_string()))
        })
        .collect();
    imports.sort_unstable();
    let imports = imports
        .into_iter()
        .map(|(at, specifier)| {
            let (line, column) = position(source, at);
            Import { specifier, line, column }
        })
        .collect();
    let syntax = if parsed.module_record.has_module_syntax || is_typescript {
        Syntax::Module
    } else {
        Syntax::CommonJs
    };
    if !is_typescript {
        return Ok(Analysed { code: source.to_owned(), syntax, imports, map: None });
    }

    let mut program = parsed.program;
    let analysed = SemanticBuilder::new().with_enum_eval(true).build(&program);
    let options = TransformOptions::default();
    let transformed = Transformer::new(&allocator, Path::new(file), &options)
        .build_with_scoping(analysed.semantic.into_scoping(), &mut program);
    if let Some(error) = transformed.diagnostics.errors().next() {
        let offset = error.labels.first().map_or(0, |label| label.offset() as usize);
        return Err(syntax_error(file, source, offset, &error.message));
    }
    let options =
        CodegenOptions { source_map_path: Some(file.into()), ..CodegenOptions::default() };
    let printed = Codegen::new().with_options(options).build(&program);
    Ok(Analysed {
        map: printed.map.map(SourceMap::into_owned),
        code: printed.code,
        syntax,
        imports,
    })
}

fn syntax_error(file: &str, source: &str, offset: usize, message: &str) -> LoadError {
    let (line, column) = position(source, offset);
    let text = source.lines().nth(line - 1).unwrap_or_default();
    // The caret's line copies the tabs before it, so that both lines are shown alike.
    let indent: String =
        text.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    LoadError::Syntax {
        message: message.to_owned(),
        file: file.to_owned(),
        line,
        column,
        excerpt: format!(
            "{line} | {text}\n{:>width$} | {indent}^",
            "",
            width = line.to_string().len()
        ),
    }
}

/// Line and column of a byte, both from 1, columns in characters.
fn position(source: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(source.len());
    while !source.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &source[..offset];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found_with_their_place() {
        let source = "import a from './a.js';\n\nexport * from './b.js'; import './a.js';";
        let analysed = analyse("file:///m.js", source).unwrap();
        assert_eq!(analysed.syntax, Syntax::Module);
        let found: Vec<_> = analysed
            .imports
            .iter()
            .map(|import| (import.specifier.as_str(), import.line, import.column))
            .collect();
        assert_eq!(found, [("./a.js", 1, 15), ("./b.js", 3, 15)]);
    }

    #[test]
    fn a_file_without_module_syntax_is_commonjs() {
        let analysed = analyse("file:///m.js", "exports.x = 1; return;").unwrap();
        assert_eq!(analysed.syntax, Syntax::CommonJs);
    }

    #[test]
    fn types_are_stripped_and_lines_are_mapped() {
        let source = "interface A { x: number }\nimport type { B } from './types';\n\nexport function f(a: A): number {\n  throw new Error('x');\n}\nenum E { One = 1 }\nexport default E.One;";
        let analysed = analyse("file:///m.ts", source).unwrap();
        assert!(!analysed.code.contains("interface"), "{}", analysed.code);
        assert!(analysed.imports.is_empty(), "{:?}", analysed.imports);
        let map = analysed.map.unwrap();
        let line = analysed.code.lines().position(|line| line.contains("throw")).unwrap();
        let table = map.generate_lookup_table();
        let token = map.lookup_token(&table, line as u32, 5).unwrap();
        assert_eq!(token.get_src_line(), 4);
    }

    #[test]
    fn nesting_is_no_danger() {
        let check = |source: &str, file: &str, is_fine: bool| {
            let analysed = analyse(file, source);
            assert_eq!(analysed.is_ok(), is_fine, "{file} {}", &source[..20]);
        };
        let nested = |open: &str, close: &str, depth: usize| {
            format!("let x = {}1{}", open.repeat(depth), close.repeat(depth))
        };
        for file in ["file:///m.js", "file:///m.ts"] {
            check(&nested("[", "]", 20_000), file, true);
            check(&nested("{a:", "}", 20_000), file, true);
            check(&nested("!", "", 100_000), file, true);
            check(&nested("(", "", 50_000), file, false);
            check(&nested("(", ")", 1_000_000), file, false);
        }
    }

    #[test]
    fn a_nul_character_has_its_place() {
        let Err(LoadError::Syntax { line, column, .. }) = analyse("file:///m.js", "1;\n'a\0'")
        else {
            panic!("no error");
        };
        assert_eq!((line, column), (2, 3));
    }

    #[test]
    fn a_syntax_error_has_a_caret() {
        let Err(LoadError::Syntax { line, excerpt, .. }) =
            analyse("file:///m.js", "let a = 1;\n\tlet = = 2;")
        else {
            panic!("no error");
        };
        assert_eq!(line, 2);
        assert!(excerpt.contains("2 | \tlet = = 2;\n"), "{excerpt}");
    }
}

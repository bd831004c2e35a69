//! Whether an SPDX licence expression can be satisfied from a list of accepted licences
//! (SPDX specification, annex D). Cargo's old `MIT/Apache-2.0` spelling is read as `OR`.

/// Says whether the expression can be satisfied by accepted licences alone. A licence with an
/// exception is accepted when the licence is: an exception only ever grants more.
///
/// # Errors
/// A message naming what could not be parsed.
pub fn is_satisfied(expression: &str, accepted: &[&str]) -> Result<bool, String> {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut parser = Parser { tokens: spaced.split_whitespace().collect(), next: 0, accepted };
    let answer = parser.any_of()?;
    match parser.peek() {
        None => Ok(answer),
        Some(token) => Err(format!("unexpected `{token}` in `{expression}`")),
    }
}

struct Parser<'a> {
    tokens: Vec<&'a str>,
    next: usize,
    accepted: &'a [&'a str],
}

/// Every operand is parsed even when the answer is known: a bad expression is an error anywhere.
impl<'a> Parser<'a> {
    fn any_of(&mut self) -> Result<bool, String> {
        let mut satisfied = self.all_of()?;
        while self.take_if("OR") {
            satisfied |= self.all_of()?;
        }
        Ok(satisfied)
    }

    fn all_of(&mut self) -> Result<bool, String> {
        let mut satisfied = self.licence()?;
        while self.take_if("AND") {
            satisfied &= self.licence()?;
        }
        Ok(satisfied)
    }

    fn licence(&mut self) -> Result<bool, String> {
        if self.take_if("(") {
            let satisfied = self.any_of()?;
            return if self.take_if(")") { Ok(satisfied) } else { Err("missing `)`".to_owned()) };
        }
        let name = self.name()?;
        if self.take_if("WITH") {
            self.name()?;
        }
        Ok(self.accepted.contains(&name))
    }

    fn name(&mut self) -> Result<&'a str, String> {
        match self.peek() {
            Some(token) if !matches!(token, "OR" | "AND" | "WITH" | "(" | ")") => {
                self.next += 1;
                Ok(token)
            }
            Some(token) => Err(format!("expected a licence, found `{token}`")),
            None => Err("expected a licence, found the end".to_owned()),
        }
    }

    fn take_if(&mut self, wanted: &str) -> bool {
        let taken = self.peek() == Some(wanted);
        self.next += usize::from(taken);
        taken
    }

    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.next).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expect: bool) {
        assert_eq!(is_satisfied(expression, &["MIT", "ISC"]), Ok(expect), "{expression}");
    }

    #[test]
    fn one_licence() {
        check("MIT", true);
        check("GPL-3.0-only", false);
        check("MIT-0", false);
    }

    #[test]
    fn either_is_enough_and_both_are_needed() {
        check("GPL-2.0-only OR MIT", true);
        check("GPL-2.0-only OR AGPL-3.0-only", false);
        check("MIT AND ISC", true);
        check("MIT AND GPL-2.0-only", false);
        check("Apache-2.0/MIT", true);
    }

    #[test]
    fn and_binds_tighter_than_or() {
        check("GPL-2.0-only AND GPL-3.0-only OR MIT", true);
        check("MIT OR GPL-2.0-only AND GPL-3.0-only", true);
        check("(MIT OR GPL-2.0-only) AND GPL-3.0-only", false);
        check("(GPL-2.0-only OR MIT) AND (ISC)", true);
    }

    #[test]
    fn an_exception_does_not_matter() {
        check("MIT WITH LLVM-exception", true);
        check("GPL-2.0-only WITH Classpath-exception-2.0", false);
    }

    #[test]
    fn bad_expressions_are_errors() {
        for bad in ["", "MIT OR", "(MIT", "MIT)", "MIT ISC", "OR MIT", "MIT WITH", "MIT OR AND"] {
            assert!(is_satisfied(bad, &["MIT"]).is_err(), "{bad}");
        }
    }
}

//! `p(95)<200` to an expression, with the place of what is wrong.

use std::ops::Range;

use super::{
    Aggregation, Expression, Operator, ParseThresholdError, ParseThresholdErrorKind as Kind,
    Threshold,
};

impl Threshold {
    /// Parses an expression. The result does not abort the run; set the fields if it should.
    ///
    /// # Errors
    /// [`ParseThresholdError`] says what is wrong and where.
    pub fn parse(source: &str) -> Result<Self, ParseThresholdError> {
        let expression = parse(source).map_err(|(span, kind)| ParseThresholdError {
            source_text: source.to_owned(),
            span,
            kind,
        })?;
        Ok(Self {
            source: source.to_owned(),
            expression,
            abort_on_fail: false,
            delay_abort_eval: None,
        })
    }
}

/// The longest first where one begins another.
const OPERATORS: [(&str, Operator); 7] = [
    ("===", Operator::Equal),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

type Failure = (Range<usize>, Kind);

fn parse(source: &str) -> Result<Expression, Failure> {
    let all = trim(source, 0..source.len());
    if all.is_empty() {
        return Err((0..source.len(), Kind::Empty));
    }
    let first = source.char_indices().find_map(|(at, _)| {
        let (text, operator) = OPERATORS.iter().find(|(text, _)| source[at..].starts_with(text))?;
        Some((at, text.len(), *operator))
    });
    let Some((at, length, operator)) = first else {
        return Err((all.end..all.end, Kind::NoOperator));
    };
    let left = trim(source, 0..at);
    let right = trim(source, at + length..source.len());
    let aggregation = parse_aggregation(source, left)?;
    if right.is_empty() {
        return Err((at + length..at + length, Kind::NoValue));
    }
    let text = &source[right.clone()];
    let value = parse_number(text).ok_or_else(|| (right, Kind::Value(text.to_owned())))?;
    Ok(Expression { aggregation, operator, value })
}

fn parse_aggregation(source: &str, span: Range<usize>) -> Result<Aggregation, Failure> {
    Ok(match &source[span.clone()] {
        "" => return Err((span, Kind::NoAggregation)),
        "avg" => Aggregation::Avg,
        "min" => Aggregation::Min,
        "max" => Aggregation::Max,
        "med" => Aggregation::Med,
        "count" => Aggregation::Count,
        "rate" => Aggregation::Rate,
        "value" => Aggregation::Value,
        text => {
            let Some(inner) = text.strip_prefix("p(").and_then(|rest| rest.strip_suffix(')'))
            else {
                return Err((span, Kind::Aggregation(text.to_owned())));
            };
            let inside = span.start + 2..span.end - 1;
            parse_number(inner)
                .filter(|p| (0.0..=100.0).contains(p))
                .map(Aggregation::Percentile)
                .ok_or_else(|| (inside, Kind::Percentile(inner.to_owned())))?
        }
    })
}

/// k6: a number as Go reads one: `_` may stand between digits, `Infinity` and `inf` are numbers,
/// what overflows is not. NaN would make a threshold that nothing can meet, so it is refused.
fn parse_number(text: &str) -> Option<f64> {
    let between_digits = |at: usize| {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        at > 0 && digit(text.as_bytes().get(at - 1)) && digit(text.as_bytes().get(at + 1))
    };
    if !text.match_indices('_').all(|(at, _)| between_digits(at)) {
        return None;
    }
    let value: f64 = text.replace('_', "").parse().ok()?;
    let overflowed = value.is_infinite() && text.contains(|c: char| c.is_ascii_digit());
    (!value.is_nan() && !overflowed).then_some(value)
}

fn trim(source: &str, span: Range<usize>) -> Range<usize> {
    let text = &source[span.clone()];
    let start = span.start + (text.len() - text.trim_start().len());
    start..start + text.trim().len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(source: &str, aggregation: Aggregation, operator: Operator, value: f64) {
        let threshold = Threshold::parse(source).unwrap();
        assert_eq!(threshold.expression, Expression { aggregation, operator, value }, "{source}");
        assert_eq!(threshold.source, source);
    }

    #[test]
    fn what_k6_takes() {
        check("p(95)<200", Aggregation::Percentile(95.0), Operator::Less, 200.0);
        check(" avg  <=  5 ", Aggregation::Avg, Operator::LessOrEqual, 5.0);
        check("min\t>\t-1", Aggregation::Min, Operator::Greater, -1.0);
        check("max>=+1", Aggregation::Max, Operator::GreaterOrEqual, 1.0);
        check("med<.5\n", Aggregation::Med, Operator::Less, 0.5);
        check("count==5.", Aggregation::Count, Operator::Equal, 5.0);
        check("rate===1e-3", Aggregation::Rate, Operator::Equal, 0.001);
        check("value!=007", Aggregation::Value, Operator::NotEqual, 7.0);
        check("avg < 1_000", Aggregation::Avg, Operator::Less, 1000.0);
        check("avg<Infinity", Aggregation::Avg, Operator::Less, f64::INFINITY);
        for (percentile, value) in
            [("99.99", 99.99), ("1e1", 10.0), (".5", 0.5), ("095", 95.0), ("+5", 5.0), ("0", 0.0)]
        {
            let source = format!("p({percentile})<1");
            check(&source, Aggregation::Percentile(value), Operator::Less, 1.0);
        }
    }

    /// `marked` is the source with `[` and `]` around the span.
    fn check_error(marked: &str, kind: &Kind) {
        let start = marked.find('[').unwrap();
        let end = marked.find(']').unwrap() - 1;
        let source = marked.replace(['[', ']'], "");
        let error = Threshold::parse(&source).unwrap_err();
        assert_eq!((error.span, &error.kind), (start..end, kind), "{marked}");
        assert_eq!(error.source_text, source);
    }

    #[test]
    fn what_k6_refuses_and_where() {
        check_error("[]", &Kind::Empty);
        check_error("[  ]", &Kind::Empty);
        check_error("p(95)[]", &Kind::NoOperator);
        check_error("avg=1[]", &Kind::NoOperator);
        check_error("avg ! = 1[]", &Kind::NoOperator);
        check_error("p(95)<[]", &Kind::NoValue);
        check_error("[]<5", &Kind::NoAggregation);
        let aggregation = |text: &str| Kind::Aggregation(text.to_owned());
        check_error("[foo]<1", &aggregation("foo"));
        check_error(" [p95] <1", &aggregation("p95"));
        check_error("[AVG]<1", &aggregation("AVG"));
        check_error("[avg=]>1", &aggregation("avg="));
        check_error("[5]>avg", &aggregation("5"));
        check_error("[p(95]<5", &aggregation("p(95"));
        check_error("[p (95)]<5", &aggregation("p (95)"));
        let percentile = |text: &str| Kind::Percentile(text.to_owned());
        for bad in ["", " 95 ", "abc", "9 5", "101", "-1", "NaN", "1e400"] {
            check_error(&format!("p([{bad}])<1"), &percentile(bad));
        }
        let value = |text: &str| Kind::Value(text.to_owned());
        for bad in [
            "5ms",
            "0x10",
            "1 && avg>0",
            "1,5",
            "1é",
            "> 1",
            "= 1",
            "- 1",
            "--1",
            "5 6",
            "1e400",
            "１",
            "NaN",
            "1__0",
            "_1",
            "1_",
        ] {
            check_error(&format!("avg < [{bad}] "), &value(bad));
        }
    }

    proptest! {
        #[test]
        fn nothing_panics_and_spans_are_inside(source in ".{0,40}") {
            if let Err(error) = Threshold::parse(&source) {
                prop_assert!(source.get(error.span).is_some());
            }
        }

        #[test]
        fn nothing_near_the_grammar_panics(
            source in "(avg|p\\(|\\)|95|<|=|>|!| |_|-|\\.|é|count){0,8}",
        ) {
            if let Err(error) = Threshold::parse(&source) {
                prop_assert!(source.get(error.span).is_some());
            }
        }
    }
}

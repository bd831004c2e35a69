//! What a row of the table of options is, and what the rows make: the layer's fields, the readers of
//! all sources, the shape in JSON.

use serde_json::Value;

use super::{
    OptionsLayer, ReadError, Source,
    read::Reader,
    text::{TextForm, TextProblem},
};

/// A row of the table.
pub struct OptionSpec {
    /// What it is called where no source is meant.
    pub field: &'static str,
    /// What it is about, which says which commands take its flag.
    pub group: Group,
    /// In scripts and configuration files.
    pub key: Option<&'static str>,
    /// In configuration files, if not in scripts.
    pub config_key: Option<&'static str>,
    /// Its variable.
    pub env: Option<&'static str>,
    /// Its flag.
    pub flag: Option<Flag>,
    /// What holds where nobody says it, as a person would write it.
    pub default: Option<&'static str>,
    /// What it does, in one line.
    pub help: &'static str,
    /// Where an object that shows options has it.
    pub(super) shown: Shown,
    /// Whether help leaves its flag out.
    pub hidden: bool,
    access: Access,
}

/// What an option is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The test: `run` and `archive` take its flag.
    Test,
    /// The script and its surroundings: `inspect` and `deps` too.
    Script,
    /// What is judged and told at the end: `inspect` too.
    Summary,
    /// One run: `run` alone.
    Run,
    /// The program: every command.
    Program,
}

impl Group {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 5] = [Self::Test, Self::Script, Self::Summary, Self::Run, Self::Program];

    /// What stands above its options.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Test => "Options of the test",
            Self::Script => "The script and its surroundings",
            Self::Summary => "Thresholds and summary",
            Self::Run => "The run and its results",
            Self::Program => "Log and terminal",
        }
    }
}

/// Whether an object that shows options has one that nobody set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// k6: as `null`.
    Always,
    /// Only with a value.
    IfSet,
}

/// An option's flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Without dashes.
    pub name: &'static str,
    /// Its one-letter form.
    pub short: Option<char>,
    /// What follows it.
    pub value: FlagValue,
}

/// What follows a flag. The words are what help calls the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagValue {
    /// Nothing, or `=true` or `=false`.
    Switch,
    /// One value; given again, the last one counts.
    One(&'static str),
    /// A value; may be given again.
    Many(&'static str),
    /// Nothing, which means the second text, or `=` and a value.
    OneOr(&'static str, &'static str),
}

/// How a row reaches its field.
#[derive(Clone, Copy)]
pub(super) struct Access {
    pub(super) set_json: fn(&mut OptionsLayer, &Value, &mut Reader) -> Result<(), ReadError>,
    pub(super) set_text: fn(&mut OptionsLayer, &[String], TextForm) -> Result<(), TextProblem>,
    pub(super) overlay: fn(&mut OptionsLayer, &mut OptionsLayer) -> bool,
    pub(super) to_json: fn(&OptionsLayer) -> Option<Value>,
}

impl OptionSpec {
    pub(super) const fn new(field: &'static str, access: Access, spec: Names) -> Self {
        let Names { group, key, config_key, env, flag, default, help, shown, hidden } = spec;
        Self { field, group, key, config_key, env, flag, default, help, shown, hidden, access }
    }

    /// Its key in an object that this source says, if it has one there.
    pub(super) fn key_in(&self, source: Source) -> Option<&'static str> {
        match source {
            Source::ConfigFile => self.key.or(self.config_key),
            Source::Script | Source::Environment | Source::Flags => self.key,
        }
    }

    pub(super) fn set_json(
        &self,
        layer: &mut OptionsLayer,
        value: &Value,
        reader: &mut Reader,
    ) -> Result<(), ReadError> {
        (self.access.set_json)(layer, value, reader)
    }

    pub(super) fn set_text(
        &self,
        layer: &mut OptionsLayer,
        texts: &[String],
        form: TextForm,
    ) -> Result<(), TextProblem> {
        (self.access.set_text)(layer, texts, form)
    }

    /// Moves what `over` says of this option into `layer`. Whether it said something.
    pub(super) fn overlay(&self, layer: &mut OptionsLayer, over: &mut OptionsLayer) -> bool {
        (self.access.overlay)(layer, over)
    }

    /// What the layer says of it.
    pub(super) fn json(&self, layer: &OptionsLayer) -> Option<Value> {
        (self.access.to_json)(layer)
    }
}

impl std::fmt::Debug for OptionSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OptionSpec")
            .field("key", &self.key)
            .field("env", &self.env)
            .field("flag", &self.flag)
            .finish_non_exhaustive()
    }
}

/// The columns of a row that are names.
#[derive(Clone, Copy)]
pub(super) struct Names {
    group: Group,
    key: Option<&'static str>,
    config_key: Option<&'static str>,
    env: Option<&'static str>,
    flag: Option<Flag>,
    default: Option<&'static str>,
    help: &'static str,
    shown: Shown,
    hidden: bool,
}

/// Begins a row.
const fn row(group: Group, help: &'static str) -> Names {
    Names {
        group,
        key: None,
        config_key: None,
        env: None,
        flag: None,
        default: None,
        help,
        shown: Shown::Always,
        hidden: false,
    }
}

/// Begins a row of [`Group::Test`].
pub(super) const fn test(help: &'static str) -> Names {
    row(Group::Test, help)
}

/// Begins a row of [`Group::Script`].
pub(super) const fn script(help: &'static str) -> Names {
    row(Group::Script, help)
}

/// Begins a row of [`Group::Summary`].
pub(super) const fn summary(help: &'static str) -> Names {
    row(Group::Summary, help)
}

/// Begins a row of [`Group::Run`].
pub(super) const fn run(help: &'static str) -> Names {
    row(Group::Run, help)
}

/// Begins a row of [`Group::Program`].
pub(super) const fn program(help: &'static str) -> Names {
    row(Group::Program, help)
}

impl Names {
    pub(super) const fn config_key(self, key: &'static str) -> Self {
        Self { config_key: Some(key), ..self }
    }

    /// k6: shown only where it has a value.
    pub(super) const fn shown_if_set(self) -> Self {
        Self { shown: Shown::IfSet, ..self }
    }

    /// Left out of help.
    pub(super) const fn hidden(self) -> Self {
        Self { hidden: true, ..self }
    }

    pub(super) const fn key(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    pub(super) const fn env(self, env: &'static str) -> Self {
        Self { env: Some(env), ..self }
    }

    pub(super) const fn flag(self, name: &'static str, value: FlagValue) -> Self {
        Self { flag: Some(Flag { name, short: None, value }), ..self }
    }

    pub(super) const fn short_flag(
        self,
        short: char,
        name: &'static str,
        value: FlagValue,
    ) -> Self {
        Self { flag: Some(Flag { name, short: Some(short), value }), ..self }
    }

    pub(super) const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }
}

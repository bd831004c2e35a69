//! Where the lines go: a file, a compressed file, or a stream that someone else opened.

use std::{
    fmt,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};

/// What is written to, not yet open.
pub(crate) enum Target {
    /// A file; compressed if its name ends in `.gz`.
    File(PathBuf),
    /// A stream; taken when the output starts.
    Stream(Option<Box<dyn Write + Send>>),
}

/// What is written to, open.
pub(crate) enum Writer {
    Plain(BufWriter<Box<dyn Write + Send>>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl Target {
    pub(crate) fn open(&mut self) -> io::Result<Writer> {
        match self {
            Self::File(path) => {
                let file = create(path)?;
                Ok(if path.extension().is_some_and(|extension| extension == "gz") {
                    Writer::Gzip(Box::new(GzEncoder::new(
                        BufWriter::new(file),
                        Compression::default(),
                    )))
                } else {
                    Writer::Plain(BufWriter::new(Box::new(file)))
                })
            }
            Self::Stream(stream) => {
                let stream = stream.take().ok_or_else(|| io::Error::other("it is taken"))?;
                Ok(Writer::Plain(BufWriter::new(stream)))
            }
        }
    }
}

/// Creates the file, or empties it. Reading is asked for as well, because a named pipe that nobody
/// reads yet would else hold up the start of the run, silently and for ever.
fn create(path: &Path) -> io::Result<File> {
    let both = File::options().read(true).write(true).create(true).truncate(true).open(path);
    match both {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => File::create(path),
        other => other,
    }
}

impl Writer {
    /// Writes the lines of a batch, so that a reader of a plain file sees whole lines.
    pub(crate) fn write_batch(&mut self, lines: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(writer) => writer.write_all(lines).and_then(|()| writer.flush()),
            // A flush here would end the compressor's block.
            Self::Gzip(writer) => writer.write_all(lines),
        }
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        match &mut self {
            Self::Plain(writer) => writer.flush(),
            Self::Gzip(writer) => writer.try_finish().and_then(|()| writer.get_mut().flush()),
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain",
            Self::Gzip(_) => "Gzip",
        })
    }
}

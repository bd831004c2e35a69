//! What the operating system lets one process have.

/// Raises the limit of open files to the hard one: each connection is an open file. Where that is
/// refused, the connections beyond the limit say so themselves.
pub(crate) fn raise_open_files() {
    #[cfg(unix)]
    {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};
        if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
            && soft < hard
        {
            let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
        }
    }
}

//! The compatibility table `compat/k6.toml` and the page `docs/compat.md` generated from it.

mod files;
mod page;
mod table;

pub use files::{check_page, page_path, table_path, write_page};
pub use page::render;
pub use table::{Area, Difference, Row, Status, Table, read};

//! Dev only: broken and slow peers, certificates, redaction for snapshots
